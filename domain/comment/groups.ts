import { defangHost } from "../indicators/defang";
import type { LeftOut } from "../indicators/indicator";
import type { Finding } from "../report/finding";
import type { RunReport } from "../report/report";
import { cut, grouped, listed } from "../text";
import type { Verdict } from "../verdict";
import { type Entry, entriesOf } from "./figures";

/** Findings of one verdict as one paragraph. */
export interface Group {
  /** "Unknown (3)". */
  readonly title: string;
  readonly entries: readonly Entry[];
  /** Indicators that are only counted. */
  readonly more: number;
}

const titles: Readonly<Partial<Record<Verdict, string>>> = { unknown: "Unknown", clean: "Clean" };

/** Unknown ones, then clean ones. What was not checked at all is neither. */
export function groupsOf(report: RunReport, findings: readonly Finding[]): readonly Group[] {
  return (["unknown", "clean"] as const).flatMap((verdict) => {
    const some = findings.filter(
      (finding) => finding.verdict === verdict && !(verdict === "unknown" && isUnanswered(finding)),
    );
    const entries = entriesOf(report, some);
    return some.length > 0 ? [{ title: `${titles[verdict]} (${some.length})`, entries, more: 0 }] : [];
  });
}

/** Nothing is known of it, and not because nobody knows. */
function isUnanswered({ item, coverage }: Finding): boolean {
  const lookups = Object.values(item.lookups);
  return coverage !== "checked" && !lookups.some(({ kind }) => kind === "answered" || kind === "notKnown");
}

const mostValues = 5;
const maxValueLength = 80;

/** What is in the incident but was not looked up, by reason: "10[.]20[.]30[.]40 (private address)". */
export function notLookedUp(leftOut: readonly LeftOut[]): Group | undefined {
  if (leftOut.length === 0) return undefined;
  const entries = grouped(leftOut, ({ reason }) => reason)
    .toSorted((a, b) => b.length - a.length)
    .map((same): Entry => {
      const values = listed(same.map(valueText), mostValues);
      return { subject: `${values} (${same[0].reason})`, values: [], more: 0, figures: [], facts: [] };
    });
  return { title: `Not looked up (${leftOut.length})`, entries, more: 0 };
}

/** URLs are defanged with all other text when it is printed. */
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
