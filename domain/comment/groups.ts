import { defangHost } from "../indicators/defang";
import type { LeftOut } from "../indicators/indicator";
import { labelOf } from "../indicators/label";
import type { RunReport } from "../report/report";
import { type Finding, isUnanswered } from "../report/summary";
import { cut, grouped, listed } from "../text";
import { foldedItems, type Item } from "./item";

/** Findings of one verdict as one paragraph. */
export interface Group {
  readonly title: string;
  /** Number of indicators, including those that are only counted. */
  readonly count: number;
  readonly items: readonly Item[];
  /** Indicators that are only counted. */
  readonly more: number;
}

/** The indicators that are not bad: unknown, clean, and not looked up. Unchecked indicators are in none of these groups. */
export function groupsOf(
  report: RunReport,
  findings: readonly Finding[],
  leftOut: readonly LeftOut[],
): readonly Group[] {
  const unknown = findings.filter((finding) => finding.verdict === "unknown" && !isUnanswered(finding));
  const clean = findings.filter(({ verdict }) => verdict === "clean");
  const off = findings.filter(({ coverage }) => coverage === "off");
  return [
    { title: "Unknown", count: unknown.length, items: foldedItems(report, unknown) },
    { title: "Clean", count: clean.length, items: foldedItems(report, clean) },
    {
      title: "Not looked up",
      count: off.length + leftOut.length,
      items: [...offItems(report, off), ...leftOutItems(leftOut)],
    },
  ].flatMap(({ title, count, items }) => (count > 0 ? [{ title, count, items, more: 0 }] : []));
}

/** Indicators that no provider able to clear them looks up. The footer says what is switched off. */
function offItems({ providers }: RunReport, off: readonly Finding[]): readonly Item[] {
  const reasonOf = ({ item: { lookups } }: Finding) => {
    const silent = providers.filter(({ id }) => lookups[id]?.kind === "noOpinion").map(({ title }) => title);
    return silent.length > 0
      ? `no entry in ${listed(silent, 3)}, no other provider was queried`
      : "no provider was queried";
  };
  return grouped(off, reasonOf).map((same) =>
    plainItem(
      same.map(({ item }) => labelOf(item.indicator)),
      reasonOf(same[0]),
    ),
  );
}

const mostValues = 5;
const maxValueLength = 80;

/** What the incident contains but was not looked up, by reason: "10[.]20[.]30[.]40 (private address)". */
function leftOutItems(leftOut: readonly LeftOut[]): readonly Item[] {
  return grouped(leftOut, ({ reason }) => reason)
    .toSorted((a, b) => b.length - a.length)
    .map((same) => plainItem(same.map(valueText), same[0].reason));
}

function plainItem(values: readonly string[], reason: string): Item {
  const label = `${listed(values, mostValues)} (${cut(reason, maxValueLength)})`;
  return { label, count: values.length, figures: [], facts: [] };
}

/** URLs need no defanging here: the templates defang all text. */
function valueText({ entityKind, value }: LeftOut): string {
  const kind = entityKind.toLowerCase();
  if (["ip", "dnsresolution"].includes(kind)) return cut(defangHost(value), maxValueLength);
  const isNamed = ["url", "file", "filehash"].includes(kind) && value !== "";
  return cut(isNamed ? value : `${kindText(entityKind)} ${value}`.trim(), maxValueLength);
}

/** "security group" of "SecurityGroup". */
function kindText(entityKind: string): string {
  return cut(entityKind, maxValueLength)
    .replace(/(?<=[a-z])(?=[A-Z])/g, " ")
    .toLowerCase();
}
