import { defang } from "../indicators/defang";
import { kindNouns } from "../indicators/label";
import type { Answer } from "../lookups/provider";
import { type Finding, findingOf, weighedAnswers } from "../report/finding";
import type { Lookup, ReportItem, RunReport } from "../report/report";
import { capitalised, cut, listed, withoutSubject } from "../text";
import type { Verdict } from "../verdict";
import { assessedText } from "./notes";

interface CellView {
  /** The provider, except where there is nothing to say: a row has to read without its table. */
  readonly title?: string;
  readonly text: string;
  /** The provider's report. */
  readonly link?: string;
}

export interface RowView {
  readonly verdict: Verdict;
  /** "Malicious", "Malicious (providers disagree)", in an update "Malicious (was unknown)". */
  readonly verdictText: string;
  /** "File", "URL", ... */
  readonly kind: string;
  /** Files only. */
  readonly name?: string;
  /** Defanged; hashes are complete. */
  readonly value: string;
  /** One per provider. */
  readonly cells: readonly CellView[];
  readonly context: string;
}

/** Indicators of one verdict in one line. */
export interface Fold {
  readonly verdict: Verdict;
  readonly values: readonly string[];
  /** Indicators that are only counted. */
  readonly more: number;
}

const mostCleanRows = 10;
const mostNames = 2;
const maxNameLength = 80;
const maxValueLength = 300;
const maxCellLength = 160;
const maxContextLength = 250;
const maxSafeLinkLength = 130;

export function rowsFrom(report: RunReport, findings: readonly Finding[]): readonly RowView[] {
  return findings.map((finding) => rowFrom(report, finding));
}

function rowFrom(report: RunReport, finding: Finding): RowView {
  const { verdict, item } = finding;
  const { indicator } = item;
  const name = nameOf(report, item);
  const contexts = new Set([
    ...(indicator.byFingerprint ? ["private, so only its fingerprint (SHA-256) is sent"] : []),
    ...(indicator.safeLink ? [`from the Safe Link ${cut(indicator.safeLink, maxSafeLinkLength)}`] : []),
    ...weighedAnswers(report, item).flatMap(({ answer }) => answer.context ?? []),
  ]);
  return {
    verdict,
    verdictText: verdictText(finding, verdictBefore(report, item)),
    kind: capitalised(kindNouns[indicator.kind].one),
    ...(name ? { name } : {}),
    value: cut(defang(indicator), maxValueLength),
    cells: report.providers.map(({ id, title }) => cellFrom(title, item.lookups[id], report.at)),
    context: cut([...contexts].join("; "), maxContextLength),
  };
}

/** In an update: what the first comment said of the indicator. */
function verdictBefore(report: RunReport, { before, ...item }: ReportItem): Verdict | "new" | undefined {
  if (report.part === "first") return undefined;
  return before ? findingOf(report, { ...item, lookups: before }).verdict : "new";
}

function verdictText({ verdict, disputed }: Finding, before: Verdict | "new" = verdict): string {
  const remarks = [
    ...(before === verdict ? [] : [before === "new" ? "new" : `was ${before}`]),
    ...(disputed ? ["providers disagree"] : []),
  ];
  return capitalised(remarks.length > 0 ? `${verdict} (${remarks.join(", ")})` : verdict);
}

/** The names in the incident, else what a service calls the file. */
function nameOf(report: RunReport, item: ReportItem): string | undefined {
  const { indicator } = item;
  if (indicator.kind !== "file") return undefined;
  if (indicator.names?.length)
    return listed(
      indicator.names.map((name) => cut(name, maxNameLength)),
      mostNames,
    );
  const [known] = weighedAnswers(report, item).flatMap(({ answer }) => answer.name ?? []);
  return known === undefined ? undefined : cut(known, maxNameLength);
}

const cellTexts: Readonly<Record<Exclude<Lookup["kind"], "answered" | "notKnown">, string>> = {
  open: "pending",
  off: "off",
  notChecked: "not checked",
  failed: "no usable answer",
  notAnswered: "not answered in time",
};

function cellFrom(title: string, lookup: Lookup | undefined, at: number): CellView {
  if (!lookup) return { text: "–" };
  switch (lookup.kind) {
    case "answered":
      return { title, text: answerText(lookup.answer, at), ...linkOf(lookup.answer) };
    case "notKnown":
      return { title, text: cut(withoutSubject(lookup.reason, title), maxCellLength), ...linkOf(lookup) };
    default:
      return { title, text: cellTexts[lookup.kind] };
  }
}

function linkOf({ link }: { readonly link?: string }): { readonly link?: string } {
  return link ? { link } : {};
}

function answerText({ summary, assessedAt }: Answer, at: number): string {
  const text = cut(summary, maxCellLength);
  return assessedAt === undefined ? text : `${text}, ${assessedText(assessedAt, at)}`;
}

/** Many clean rows hide the others: from eleven on they are one line. */
export function foldedClean(rows: readonly RowView[]): {
  readonly rows: readonly RowView[];
  readonly folds: readonly Fold[];
} {
  const clean = rows.filter(({ verdict }) => verdict === "clean");
  return clean.length > mostCleanRows ? folded(rows, "clean") : { rows, folds: [] };
}

/** The rows of a verdict as one line. */
export function folded(
  rows: readonly RowView[],
  verdict: Verdict,
): { rows: readonly RowView[]; folds: readonly Fold[] } {
  const values = rows
    .filter((row) => row.verdict === verdict)
    .map(({ name, value }) => (name ? `${name} ${value}` : value));
  return {
    rows: rows.filter((row) => row.verdict !== verdict),
    folds: values.length > 0 ? [{ verdict, values, more: 0 }] : [],
  };
}
