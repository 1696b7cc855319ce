import type { RunReport } from "../report/report";
import { listed } from "../text";

/** Which incidents the findings are about, where a merge has brought them here. Sentences. */
export function mergeText({ incident, mergedInto, mergedFrom = [] }: RunReport): readonly string[] {
  if (mergedInto !== undefined) return [resultOfMergedText(incident.number)];
  if (mergedFrom.length === 0) return [];
  const numbers = listed(mergedFrom.map(String), mostNumbers);
  const subject = mergedFrom.length === 1 ? `Incident ${numbers} was` : `Incidents ${numbers} were`;
  return [`${subject} merged into this one. The alerts that have moved here so far are included.`];
}

const mostNumbers = 10;

/** For what is about an incident and stands in the one that it was merged into. */
export function resultOfMergedText(number: number): string {
  return `This is about incident ${number}, which was merged into this one.`;
}
