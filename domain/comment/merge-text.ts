import type { RunReport } from "../report/report";
import { listed } from "../text";

/** Sentences: after a merge, which incidents the findings are about. */
export function mergeText({ incident, mergedInto, mergedFrom = [] }: RunReport): readonly string[] {
  if (mergedInto !== undefined) return [resultOfMergedText(incident.number)];
  if (mergedFrom.length === 0) return [];
  const numbers = listed(mergedFrom.map(String), mostNumbers);
  const subject = mergedFrom.length === 1 ? `Incident ${numbers} was` : `Incidents ${numbers} were`;
  return [`${subject} merged into this one. The alerts that have moved here so far are included.`];
}

const mostNumbers = 10;

/** For a comment about an incident that was merged into the one that has the comment. */
export function resultOfMergedText(number: number): string {
  return `This is about incident ${number}, which was merged into this one.`;
}
