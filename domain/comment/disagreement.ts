import { type Finding, weighedAnswers } from "../report/finding";
import type { RunReport } from "../report/report";
import type { Summary } from "../report/summary";
import { verdictOfTriage } from "../report/triage";
import { listed } from "../text";
import { isBad } from "../verdict";

/** A sentence if the providers disagree about the indicator. */
export function disagreementIn(report: RunReport, { item, disputed }: Finding): string | undefined {
  const answers = weighedAnswers(report, item);
  if (disputed) {
    const clearing = answers.filter(({ verdict }) => verdict === "clean").map(({ provider }) => provider);
    return `${listed(clearing, 3)} ${clearing.length === 1 ? "disagrees and calls" : "disagree and call"} it clean.`;
  }
  const outweighed = answers.find(({ answer, verdict }) => answer.verdict !== verdict);
  const trusting = answers.find(({ answer }) => answer.trusted);
  if (!outweighed || !trusting) return undefined;
  return `${trusting.provider} lists it as known good, which outweighs ${outweighed.provider}.`;
}

/** A sentence if Intezer's triage and the lookups disagree: one finds a threat, the other finds everything harmless. */
export function triageDisagreement({ triage: state }: RunReport, { findings }: Summary): string | undefined {
  if (state.kind !== "taken" || findings.length === 0) return undefined;
  const verdict = verdictOfTriage(state.triage);
  if (verdict === "clean" && findings.some((finding) => isBad(finding.verdict)))
    return `Intezer's triage disagrees: ${state.triage.verdictTitle}.`;
  if (isBad(verdict) && findings.every((finding) => finding.verdict === "clean"))
    return "The lookups disagree: they call every indicator clean.";
  return undefined;
}
