import { counted, grouped } from "../../domain/text";
import { withoutControls, wrap } from "../terminal";
import type { ClosedIncident } from "./closed-incident";
import type { Figures } from "./figures";
import type { ThresholdVariants } from "./other-thresholds";
import type { Report } from "./report";

/** The report for a terminal of so many columns, 80 at least. */
export function reportText(report: Report, columns: number): string {
  const { all } = report;
  const workspaces = counted(report.workspaces, "workspace");
  const period = report.days === 1 ? "the last day" : `the last ${report.days} days`;
  const head = `Verdicts against closings: ${counted(all.closed, "incident")} of ${workspaces}, enriched within ${period} and closed.`;
  if (all.closed === 0) return wrap(`${head}\n\nThere is nothing to compare yet.`, columns);
  const parts = [head, rulesTable(report), ...behind(report), ...thresholdTables(report), ...notesOn(report)];
  return wrap(withoutControls(parts.join("\n\n")), columns);
}

const labelWidth = 26;
const headings = ["Closed", "Hits", "False alarms", "Missed", "Precision", "Recall"];

/** Numbers below their headings. */
function line(label: string, cells: readonly string[]): string {
  const text = cells.map((cell, i) => cell.padStart((headings[i]?.length ?? 0) + (i === 0 ? 1 : 2))).join("");
  return `${fitted(label)}${text}`;
}

function fitted(label: string): string {
  return label.length > labelWidth ? `${label.slice(0, labelWidth - 1)}…` : label.padEnd(labelWidth);
}

const cellsOf = ({ closed, hits, falseAlarms, missed, precision, recall }: Figures) => [
  ...[closed, hits.length, falseAlarms.length, missed.length].map(String),
  percent(precision),
  percent(recall),
];

const percent = (share: number | undefined) => (share === undefined ? "-" : `${Math.round(share * 100)}%`);

function rulesTable({ all, maliciousOnly, byRule }: Report): string {
  return [
    line("", headings),
    line("All", cellsOf(all)),
    line("All, malicious only", cellsOf(maliciousOnly)),
    ...byRule.map(({ rule, figures }) => line(rule, cellsOf(figures))),
  ].join("\n");
}

/** The incidents behind the figures. */
function behind({ all, workspaces }: Report): readonly string[] {
  const { missed } = all;
  const asClean = missed.filter(({ verdict }) => verdict === "clean").length;
  const lists = [
    { title: "False alarms: found something, closed as a false positive", incidents: all.falseAlarms },
    {
      title: `Missed: closed as a true positive, found nothing; ${asClean} of them called clean (*)`,
      incidents: missed,
    },
    { title: "Expected: found something, closed as a benign positive", incidents: all.expected },
    { title: "Not judged: closed without a classification, or as undetermined", incidents: all.notJudged },
  ];
  return lists
    .filter(({ incidents }) => incidents.length > 0)
    .map(({ title, incidents }) => [title, ...byRuleLines(incidents, workspaces > 1)].join("\n"));
}

function byRuleLines(incidents: readonly ClosedIncident[], namesWorkspace: boolean): readonly string[] {
  const ruled = incidents.flatMap((incident) => incident.rules.map((rule) => ({ rule, incident })));
  return grouped(ruled, ({ rule }) => rule).map((group) => {
    const numbers = group
      .map(({ incident }) => incident)
      .toSorted((a, b) => a.number - b.number)
      .map((incident) => numberText(incident, namesWorkspace));
    return `  ${group[0].rule}: ${numbers.join(", ")}`;
  });
}

function numberText(
  { number, verdict, classification, workspace }: ClosedIncident,
  isNamed: boolean,
): string {
  const mark = verdict === "clean" && classification === "TruePositive" ? "*" : "";
  return `${number}${mark}${isNamed ? ` (${workspace})` : ""}`;
}

const decides: Readonly<Record<ThresholdVariants["setting"], string>> = {
  VIRUSTOTAL_MALICIOUS_FROM: "whether an incident is malicious",
  VIRUSTOTAL_SUSPICIOUS_FROM: "whether an incident is malicious or suspicious",
};

function thresholdTables({ thresholds }: Report): readonly string[] {
  return grouped(thresholds, ({ setting }) => setting).map((group) => {
    const [{ setting }] = group;
    const rows = group.flatMap(({ kinds, variants }) =>
      variants.map(({ value, isCurrent, figures }) => {
        const kind = group.length > 1 ? ` for ${kinds.join(", ")}` : "";
        const label = `  ${value}${isCurrent ? " (now)" : ""}${kind}`;
        return figures
          ? line(label, cellsOf(figures))
          : `${fitted(label)} not allowed with the other threshold`;
      }),
    );
    return [`${setting}: ${decides[setting]}`, line("", headings), ...rows].join("\n");
  });
}

function notesOn({ decidedOtherwise: { lookups, incidents } }: Report): readonly string[] {
  const numbers = incidents.map(({ number }) => number).toSorted((a, b) => a - b);
  return [
    ...(lookups > 0
      ? [
          `Decided by more than the number of engines: ${counted(lookups, "answer")} of VirusTotal (sandboxes, rules, Google Threat Intelligence, a source that vouches for the file, or other thresholds at that time). These keep their verdict unless the engines alone make it worse.`,
        ]
      : []),
    ...(incidents.length > 0
      ? [`Made worse by something else, such as Intezer's triage, at every threshold: ${numbers.join(", ")}.`]
      : []),
    "Where the engines decided, other evidence is not recorded: a higher threshold can show more misses than there would be.",
  ];
}

/** For programs; docs/report.md describes it. */
export function reportJson(report: Report): string {
  const { all, maliciousOnly, byRule, thresholds, decidedOtherwise, ...about } = report;
  return JSON.stringify(
    {
      ...about,
      all: listedIn(all),
      maliciousOnly: listedIn(maliciousOnly),
      byRule: byRule.map(({ rule, figures }) => ({ rule, ...listedIn(figures) })),
      thresholds: thresholds.map(({ variants, ...threshold }) => ({
        ...threshold,
        variants: variants.map(({ figures, ...variant }) => ({
          ...variant,
          ...(figures && listedIn(figures)),
        })),
      })),
      decidedOtherwise: { ...decidedOtherwise, incidents: decidedOtherwise.incidents.map(named) },
    },
    undefined,
    2,
  );
}

/** Lists of incidents as their numbers. */
const listedIn = (figures: Figures) =>
  Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [name, Array.isArray(value) ? value.map(named) : value]),
  );

const named = ({ number, workspace }: ClosedIncident) => ({ number, workspace });
