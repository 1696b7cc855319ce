import type { Finding } from "../report/finding";
import { gapsOf } from "../report/gaps";
import type { RunReport } from "../report/report";
import type { Summary } from "../report/summary";
import { type Triage, verdictOfTriage } from "../report/triage";
import { capitalised, counted, cut, sentence } from "../text";
import type { Verdict } from "../verdict";

/** What an incident's verdict is called. */
export const verdictTitles: Readonly<Record<Verdict, string>> = {
  malicious: "Threat found",
  suspicious: "Threat suspected",
  unknown: "No verdict",
  clean: "No known threat",
};

const caution = "This does not clear the incident.";
const maxReasonLength = 200;

/** Verdict and count in words, and what is missing where something is. */
export function headlineOf(report: RunReport, summary: Summary): string {
  const { verdict, counts, findings } = summary;
  const byTriage = triageAlone(report, summary);
  if (byTriage) return `${verdictTitles[verdict]}: ${byTriage}${missingText(summary)}.`;
  if (counts.indicators === 0) return `${verdictTitles[verdict]}: nothing to look up.`;
  if (findings.every(isUnanswered)) return notCheckedText(report);
  const line = `${verdictTitles[verdict]}: ${countText(verdict, summary)}${missingText(summary)}`;
  if (verdict !== "clean" || counts.notChecked === 0) return line;
  return `${line}. ${caution}`;
}

/** The headline of an addendum. */
export function triageHeadline(triage: Triage): string {
  const verdict = verdictOfTriage(triage);
  const line = `Intezer's triage of the incident: ${triage.verdictTitle}.`;
  if (verdict === "malicious" || verdict === "suspicious") return `${verdictTitles[verdict]}. ${line}`;
  return verdict === "clean" ? `${line} ${caution}` : line;
}

/** Said where the triage is worse than all that the lookups showed: else it looks as if they had shown it. */
function triageAlone({ triage: state }: RunReport, { verdict, findings }: Summary): string | undefined {
  if (state.kind !== "taken" || verdictOfTriage(state.triage) !== verdict || verdict === "unknown")
    return undefined;
  if (findings.some((finding) => finding.verdict === verdict)) return undefined;
  return `Intezer's triage is ${state.triage.verdictTitle}`;
}

/** No provider that should have answered has: the verdict says nothing. */
function isUnanswered({ verdict, coverage }: Finding): boolean {
  return verdict === "unknown" && coverage === "notChecked";
}

/** Nothing is known because nothing was checked: the cause that concerns most indicators. */
function notCheckedText(report: RunReport): string {
  const [worst] = gapsOf(report).toSorted((a, b) => b.indicators - a.indicators);
  const word = worst?.state === "open" ? "Pending" : "Not checked";
  return `${word}: ${sentence(cut(capitalised(worst?.reason ?? "no provider has answered"), maxReasonLength))}`;
}

function countText(verdict: Verdict, { counts, findings }: Summary): string {
  const { indicators } = counts;
  if (indicators === 1) return `the only indicator is ${verdict}`;
  if (verdict === "clean") {
    const checked = findings.filter(({ coverage }) => coverage === "checked").length;
    const off = findings.filter(({ coverage }) => coverage === "off").length;
    if (checked === indicators) return `all ${indicators} indicators are clean`;
    return `${checked} of ${indicators} indicators checked${off > 0 ? `, ${off} switched off` : ""}`;
  }
  if (verdict === "unknown")
    return counts.unknown === indicators
      ? `none of the ${indicators} indicators is known`
      : `${counts.unknown} of ${indicators} indicators ${areText(counts.unknown)} unknown`;
  const bad = (["malicious", "suspicious"] as const).filter((each) => counts[each] > 0);
  return bad
    .map((each, i) =>
      i === 0
        ? `${counts[each]} of ${indicators} indicators ${areText(counts[each])} ${each}`
        : `${counts[each]} ${each}`,
    )
    .join(", ");
}

const areText = (count: number) => (count === 1 ? "is" : "are");

function missingText({ counts, findings }: Summary): string {
  const { notChecked } = counts;
  if (notChecked === 0) return "";
  const wholly = findings.filter(isUnanswered).length;
  const partly = notChecked - wholly;
  const parts = [
    ...(wholly > 0 ? [`${wholly} not checked`] : []),
    ...(partly > 0 ? [`${counted(partly, "lookup")} missing`] : []),
  ];
  return `, ${parts.join(", ")}`;
}
