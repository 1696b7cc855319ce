import type { RunReport } from "../report/report";
import { listed } from "../text";

/** Sentences: after a merge, which incidents the findings are about. */
export function mergeText({ incident, mergedInto, mergedFrom = [] }: RunReport): readonly string[] {
  if (mergedInto !== undefined) return [resultOfMergedText(incident.number)];
  const [first, ...others] = mergedFrom;
  if (first === undefined) return [];
  if (others.length === 0)
    return [`Includes the alerts of incident ${first}, which was merged into this one.`];
  const numbers = listed(mergedFrom.map(String), mostNumbers);
  return [`Includes the alerts of incidents ${numbers}, which were merged into this one.`];
}

const mostNumbers = 10;

/** For a comment about an incident that was merged into the one that has the comment. */
export function resultOfMergedText(number: number): string {
  return `This is about incident ${number}, which was merged into this one.`;
}
