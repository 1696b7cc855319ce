import { labelOf } from "../indicators/label";
import { contextOf, type EarlierIncidents, type Ending, endings } from "../report/context";
import type { Finding } from "../report/finding";
import type { RunReport } from "../report/report";
import { capitalised, counted, grouped, listed } from "../text";
import { dayText } from "../time";

const mostNames = 3;
const mostNumbers = 5;

const endingTexts: Readonly<Record<Ending, string>> = {
  truePositive: "closed as true positive",
  benignPositive: "closed as benign positive",
  falsePositive: "closed as false positive",
  undetermined: "closed as undetermined",
  closed: "closed without a classification",
  open: "open",
};

/** Sentences about other incidents with the same indicators, worst indicators first; indicators with the same history share a sentence. */
export function earlierTexts(report: RunReport, findings: readonly Finding[]): readonly string[] {
  const isPartial = report.context?.gaps.some(({ part, kind }) => part === "earlier" && kind === "partial");
  const shown = findings.flatMap((finding) => {
    const { earlier } = contextOf(report, finding.item.indicator);
    if (!earlier || !isTelling(finding, earlier)) return [];
    const text = historyText(earlier, isPartial ? "at least " : "");
    return [{ label: labelOf(finding.item.indicator), text }];
  });
  return grouped(shown, ({ text }) => text).map((same) => {
    const labels = same.map(({ label }) => label);
    return `${capitalised(listed(labels, mostNames))}: ${same[0].text}.`;
  });
}

/** Harmless indicators are in many incidents: they are mentioned only if one of those was a true positive. */
function isTelling({ verdict }: Finding, { endings }: EarlierIncidents): boolean {
  return verdict !== "clean" || endings.truePositive !== undefined;
}

function historyText({ count, since, endings: numbers }: EarlierIncidents, least: string): string {
  const incidents = `in ${least}${counted(count, "incident")} since ${dayText(since)}`;
  const ends = endings.flatMap((ending) => {
    const same = numbers[ending];
    return same
      ? [{ count: same.length, text: `${endingTexts[ending]} (${listed(same.map(String), mostNumbers)})` }]
      : [];
  });
  const [only, ...others] = ends;
  if (!only) return `common, ${incidents}`;
  return others.length === 0
    ? `also ${incidents}, ${only.text}`
    : `also ${incidents}: ${ends.map((end) => `${end.count} ${end.text}`).join(", ")}`;
}
