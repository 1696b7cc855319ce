import { labelOf } from "../indicators/label";
import type { RunChanges, RunReport } from "../report/report";
import type { Finding, Summary } from "../report/summary";
import { counted, listed } from "../text";
import { type Verdict, verdicts } from "../verdict";
import type { PreviousRun } from "./run";

const mostNames = 5;

/** How a run differs from the incident's last one; `undefined` when there is nothing to comment on. */
export function changesSince(
  previous: PreviousRun,
  report: RunReport,
  { findings }: Summary,
): RunChanges | undefined {
  const compared = findings.map((finding) => ({ finding, before: verdictBefore(previous, finding) }));
  const added = compared.filter(({ before }) => before === "new").map(({ finding }) => finding);
  const changed = compared.flatMap(({ finding, before }) =>
    before !== "new" && before !== undefined && hasChanged(finding, before) ? [{ finding, before }] : [],
  );
  const nameOf = ({ item }: Finding) => labelOf(item.indicator);
  const indicators = [
    ...(added.length > 0
      ? [`${counted(added.length, "new indicator")} (${listed(added.map(nameOf), mostNames)})`]
      : []),
    ...(changed.length > 0
      ? [
          `${counted(changed.length, "verdict")} changed (${listed(
            changed.map(({ finding, before }) => `${nameOf(finding)} is ${finding.verdict}, was ${before}`),
            mostNames,
          )})`,
        ]
      : []),
    ...(added.length + changed.length === 0 && countsDiffer(previous, findings)
      ? ["the counts of verdicts"]
      : []),
  ];
  const triage = report.triage.kind === "taken" && report.triage.deliveryId !== previous.deliveryId;
  return indicators.length > 0 || triage ? { since: previous.run, indicators, triage } : undefined;
}

/**
 * `undefined` if unknown: of a run with more indicators than its output can hold, only the worst are known, and a verdict
 * no worse than those may have been among the others.
 */
function verdictBefore(
  previous: PreviousRun,
  { item: { indicator }, verdict }: Finding,
): Verdict | "new" | undefined {
  const { kind, value } = indicator;
  const same = previous.findings.find((finding) => finding.kind === kind && finding.value === value);
  if (same) return same.verdict;
  const last = previous.findings.at(-1);
  if (!isCut(previous) || !last) return "new";
  return rank(verdict) < rank(last.verdict) ? "new" : undefined;
}

function isCut({ indicators, findings }: PreviousRun): boolean {
  return indicators > findings.length;
}

const rank = (verdict: Verdict) => verdicts.indexOf(verdict);

/** A missing answer this time does not count as an improvement. */
function hasChanged({ verdict, coverage }: Finding, before: Verdict): boolean {
  return coverage === "checked" ? verdict !== before : rank(verdict) < rank(before);
}

/** For findings beyond those that an output can hold. */
function countsDiffer(previous: PreviousRun, findings: readonly Finding[]): boolean {
  if (!isCut(previous) || findings.some(({ coverage }) => coverage !== "checked")) return false;
  return verdicts.some(
    (each) => previous[each] !== findings.filter(({ verdict }) => verdict === each).length,
  );
}
