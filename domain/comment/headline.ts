import type { Finding } from "../report/finding";
import type { RunReport } from "../report/report";
import type { Counts, Summary } from "../report/summary";
import { type Triage, verdictOfTriage } from "../report/triage";
import type { Verdict } from "../verdict";

const titles: Readonly<Record<Verdict, string>> = {
  malicious: "Threat found",
  suspicious: "Threat suspected",
  unknown: "Verdict unknown",
  clean: "No known threat",
};

const caution = "This does not clear the incident.";

/** Verdict, counts and coverage in one line. */
export function headlineOf(report: RunReport, summary: Summary): string {
  const { verdict, counts, incomplete } = summary;
  const byTriage = triageAlone(report, summary);
  if (counts.indicators === 0) return `${titles[verdict]}: ${byTriage ?? "nothing to look up"}.`;
  const parts =
    verdict === "clean" ? [coverageOf(summary)] : [countsText(verdict, counts), coverageOf(summary)];
  const line = `${titles[verdict]}: ${[...(byTriage ? [byTriage] : []), ...parts].join("; ")}.`;
  return verdict === "clean" && incomplete ? `${line} ${caution}` : line;
}

/** The headline of an addendum. */
export function triageHeadline(triage: Triage): string {
  const verdict = verdictOfTriage(triage);
  const line = `Intezer has triaged the incident: ${triage.verdictTitle}.`;
  if (verdict === "malicious" || verdict === "suspicious") return `${titles[verdict]}. ${line}`;
  return verdict === "clean" ? `${line} ${caution}` : line;
}

/** Said where the triage is worse than all that the lookups showed: else it looks as if they had shown it. */
function triageAlone({ triage: state }: RunReport, { verdict, findings }: Summary): string | undefined {
  if (state.kind !== "taken" || verdictOfTriage(state.triage) !== verdict) return undefined;
  if (findings.some((finding) => finding.verdict === verdict)) return undefined;
  return `Intezer's triage is ${state.triage.verdictTitle}`;
}

function countsText(verdict: Verdict, counts: Counts): string {
  const told = verdict === "unknown" ? (["unknown"] as const) : (["malicious", "suspicious"] as const);
  const found = told.filter((each) => counts[each] > 0);
  if (counts.indicators === 1)
    return `the only indicator is ${found[0] ?? "neither malicious nor suspicious"}`;
  return found.length > 0
    ? `${found.map((each) => `${counts[each]} ${each}`).join(", ")} of ${counts.indicators} indicators`
    : `none of ${counts.indicators} indicators is malicious or suspicious`;
}

/** "7 of 8 checked"; a clean verdict spells out what became of the others. */
function coverageOf({ verdict, counts, findings }: Summary): string {
  const of = (coverage: Finding["coverage"]) => findings.filter((each) => each.coverage === coverage).length;
  const off = of("off") > 0 ? `, ${of("off")} switched off` : "";
  const checked = `${of("checked")} of ${counts.indicators}`;
  if (verdict !== "clean") return `${checked} checked${off}`;
  if (counts.indicators === 1)
    return `the only indicator is ${counts.notChecked > 0 ? "not fully checked" : "checked"}`;
  const notChecked = counts.notChecked > 0 ? `, ${counts.notChecked} not checked` : "";
  return `${checked} indicators checked${notChecked}${off}`;
}
