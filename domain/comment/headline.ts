import { isUnanswered } from "../report/finding";
import { type Gap, gapsOf } from "../report/gaps";
import type { RunReport } from "../report/report";
import { type Summary, unreadableIn } from "../report/summary";
import { type Triage, verdictOfTriage } from "../report/triage";
import { counted, cut, sentence } from "../text";
import { isBad, type Verdict, worstOf } from "../verdict";
import { countsText } from "./counts-text";
import { coverageOf } from "./coverage";

/** Names of an incident's verdicts. */
export const verdictTitles: Readonly<Record<Verdict, string>> = {
  malicious: "Threat found",
  suspicious: "Threat suspected",
  unknown: "No verdict",
  clean: "No known threat",
};

const caution = "This does not clear the incident.";
const maxReasonLength = 200;

/** Sentences: the verdict with counts, and what is missing, if anything. */
export function headlineOf(report: RunReport, summary: Summary): string {
  const { verdict, incomplete, findings } = summary;
  const { missing } = coverageOf(report, findings);
  const unreadable = unreadableIn(report).length;
  const cause = causeOfNothing(report, summary);
  const unread = unreadable > 0 ? [`${counted(unreadable, "indicator")} could not be read`] : [];
  const found = countText(report, summary);
  const parts = found === undefined ? (unread[0] ?? "nothing to look up") : found;
  return [
    cause ? nothingChecked(cause) : `${verdictTitles[verdict]}: ${parts}.`,
    ...(cause ? [] : missing),
    ...(found === undefined ? [] : unread.map(sentence)),
    ...(verdict === "clean" && incomplete ? [caution] : []),
  ].join(" ");
}

/** The headline of an addendum. */
export function triageHeadline(triage: Triage): string {
  const verdict = verdictOfTriage(triage);
  const line = `Intezer's triage of the incident: ${triage.verdictTitle}.`;
  if (isBad(verdict)) return `${verdictTitles[verdict]}. ${line}`;
  return verdict === "clean" ? `${line} ${caution}` : line;
}

/** A reason without its hint at a setting, which is for operators. */
export function withoutAdvice(reason: string): string {
  return reason.replace(/(?:: | \()(?=[^:(]*\b[A-Z]+_[A-Z_]+).*$/s, "");
}

/**
 * Why nothing at all is known: the cause that affects the most indicators. `undefined` if anything is known, even by a
 * triage. The headline gives this cause, so no note has to repeat it.
 */
export function causeOfNothing(report: RunReport, { verdict, findings }: Summary): Gap | undefined {
  if (findings.length === 0 || verdict !== "unknown" || !findings.every(isUnanswered)) return undefined;
  return gapsOf(report).toSorted((a, b) => b.indicators - a.indicators)[0];
}

function nothingChecked({ state, provider, reason }: Gap): string {
  const cause = withoutAdvice(reason);
  const text = cause.includes(provider) ? cause : `${provider}: ${cause}`;
  return `${state === "open" ? "Pending" : "Not checked"}: ${cut(text, maxReasonLength)}.`;
}

/** `undefined` if there was nothing to look up and no triage decides the verdict. */
function countText(report: RunReport, summary: Summary): string | undefined {
  const { verdict, findings } = summary;
  const { triage } = report;
  const found = worstOf(findings.map((finding) => finding.verdict));
  const isByTriage =
    triage.kind === "taken" && verdictOfTriage(triage.triage) === verdict && found !== verdict;
  const counts = found ? countsText(found, report, summary) : undefined;
  if (!isByTriage || !(isBad(verdict) || found)) return counts;
  return `Intezer's triage is ${triage.triage.verdictTitle}${counts ? `; ${counts}` : ""}`;
}
