import { defangHost } from "../indicators/defang";
import type { LeftOut } from "../indicators/indicator";
import { cut, grouped } from "../text";

const mostValues = 10;
const maxValueLength = 80;

/** What is in the incident but was not looked up. */
export interface LeftOutView {
  readonly total: number;
  /** "private address (5)", most frequent first. */
  readonly reasons: readonly string[];
  /** The first ones. */
  readonly values: readonly string[];
}

export function leftOutView(leftOut: readonly LeftOut[]): LeftOutView | undefined {
  if (leftOut.length === 0) return undefined;
  return {
    total: leftOut.length,
    reasons: grouped(leftOut, ({ reason }) => reason)
      .toSorted((a, b) => b.length - a.length)
      .map((same) => `${same[0].reason} (${same.length})`),
    values: leftOut.slice(0, mostValues).map(valueText),
  };
}

/** URLs are defanged with all other text when it is printed. */
function valueText({ entityKind, value }: LeftOut): string {
  const isHost = ["ip", "dnsresolution"].includes(entityKind.toLowerCase());
  return cut(`${entityKind} ${isHost ? defangHost(value) : value}`.trim(), maxValueLength);
}
