import { kindCounts } from "../indicators/label";
import { type Gap, gapsOf, type SwitchedOff, switchedOffIn } from "../report/gaps";
import type { RunReport, TriageState } from "../report/report";
import { capitalised, counted, cut, sentence } from "../text";
import { ageText, dayMs, instantText } from "../time";

const mostGaps = 10;
const maxReasonLength = 250;

/** What is not checked, pending, stale or switched off, one line per cause, and when it will be possible. */
export function notesOf(report: RunReport): readonly string[] {
  const gaps = gapsOf(report);
  const more = gaps.slice(mostGaps).reduce((sum, { indicators }) => sum + indicators, 0);
  const follows = report.part === "first" && gaps.some(({ state }) => state === "open");
  return [
    ...gaps.slice(0, mostGaps).map(gapText),
    ...(more > 0 ? [`For other reasons not checked: ${counted(more, "lookup")}.`] : []),
    ...(follows ? ["What is still open is told in another comment."] : []),
    ...triageNotes(report.triage),
    ...staleNotes(report),
    ...switchedOffIn(report).map(switchedOffText),
  ];
}

const stateTexts: Readonly<Record<Exclude<Gap["state"], "open">, string>> = {
  notChecked: "not checked",
  failed: "not checked, no usable answer",
  notAnswered: "not answered in time",
};

const openTexts: Readonly<Record<NonNullable<Gap["cause"]>, string>> = {
  pending: "pending",
  quota: "waiting for quota",
  fault: "tried again",
};

function gapText({ provider, state, cause, reason, indicators, possibleAt }: Gap): string {
  const stateText = state === "open" ? openTexts[cause ?? "pending"] : stateTexts[state];
  const when = possibleAt === undefined ? "" : ` Possible again from ${instantText(possibleAt)}.`;
  return `${provider}: ${counted(indicators, "indicator")} ${stateText}. ${explained(reason)}${when}`;
}

function triageNotes(state: TriageState): readonly string[] {
  if (state.kind === "pending")
    return ["Intezer's triage of the incident is pending; it is told in another comment when it comes."];
  if (state.kind === "none" && state.reason !== undefined)
    return [`Intezer was not asked for a triage of the incident. ${explained(state.reason)}`];
  if (state.kind === "taken" && state.isElsewhere)
    return ["Intezer's triage of the incident is in an earlier comment."];
  if (state.kind !== "failed") return [];
  return [`The incident could not be submitted to Intezer. ${explained(state.reason)}`];
}

function explained(reason: string): string {
  return sentence(capitalised(cut(reason, maxReasonLength)));
}

function switchedOffText({ provider, indicators, reason }: SwitchedOff): string {
  const counts = kindCounts(indicators);
  return `${provider} was not asked about ${counts.join(", ")}. ${explained(reason)}`;
}

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
export function staleNotes({ providers, items, at }: RunReport): readonly string[] {
  return providers.flatMap(({ id, title }) => {
    const stale = items.filter(
      ({ lookups: { [id]: lookup } }) =>
        lookup?.kind === "answered" && isStale(lookup.answer.assessedAt ?? at, at),
    ).length;
    if (stale === 0) return [];
    return [`${title}: ${counted(stale, "answer")} stale, more than ${staleAfterDays} days old.`];
  });
}
