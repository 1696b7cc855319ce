import { ageText, dayMs, instantText } from "./instant";
import type { RunReport } from "./run-report";
import { counted } from "./text";

/** After that, an assessment says little of today: engines have learned, hosts and addresses have changed hands. */
const staleAfterDays = 90;

function isStale(assessedAt: number, at: number): boolean {
  return at - assessedAt > staleAfterDays * dayMs;
}

/** When an assessment was made, and how long ago if that is too long. Both are epoch milliseconds. */
export function assessedText(assessedAt: number, at: number): string {
  const stale = isStale(assessedAt, at) ? ` (stale, ${ageText(assessedAt, at)})` : "";
  return `${instantText(assessedAt)}${stale}`;
}

/** One line per provider that has not looked for too long; the table says at what. */
export function staleNotes({ providers, at }: RunReport): readonly string[] {
  return providers.flatMap(({ title, lookUps }) => {
    const stale = lookUps.filter(
      (lookUp) => lookUp.kind === "answered" && isStale(lookUp.answer.assessedAt ?? at, at),
    ).length;
    if (stale === 0) return [];
    return [`${title}: ${counted(stale, "answer")} stale, more than ${staleAfterDays} days old.`];
  });
}
