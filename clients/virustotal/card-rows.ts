import { instantText } from "../../domain/instant";
import type { CardSection } from "../../domain/provider";
import { listed } from "../../domain/text";
import { foreignText } from "../foreign-text";
import type { Attributes } from "./wire";

/** A row of a card, or nothing of a fact that the report does not have. */
export type Row = readonly [label: string, value: string | number | undefined];

export function section(title: string, rows: readonly Row[]): CardSection {
  return {
    title,
    rows: rows.flatMap(([label, value]) =>
      value === undefined || value === "" ? [] : [[label, String(value)] as const],
    ),
  };
}

/** VirusTotal's dates are Unix seconds. */
export function instant(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : instantText(seconds * 1000);
}

/** The first distinct foreign texts in one line, the rest counted. */
export function texts(all: readonly unknown[], most: number, maxLength: number): string | undefined {
  const distinct = new Set(all.flatMap((each) => foreignText(each, maxLength) ?? []));
  return listed([...distinct], most) || undefined;
}

/** Things of one list, those of the first level before the others; a level that is not named comes last. */
export function worstFirst<T>(
  items: readonly T[] = [],
  levels: readonly string[],
  levelOf: (item: T) => string | undefined,
): readonly T[] {
  const rank = (item: T) => (levels.indexOf(levelOf(item) ?? "") + levels.length + 1) % (levels.length + 1);
  return items.toSorted((a, b) => rank(a) - rank(b));
}

export function communityScore({ total_votes: votes }: Attributes): CardSection {
  return section("Community Score", [
    ["Malicious", votes?.malicious],
    ["Harmless", votes?.harmless],
  ]);
}

const mostEngines = 8;

/** "Sophos (phishing), Fortinet (malware) and 12 more": the engines that found something, `malicious` ones first. */
export function enginesOf({ last_analysis_results: results = {} }: Attributes): string | undefined {
  const fired = Object.entries(results).flatMap(([name, result]) =>
    result?.category === "malicious" || result?.category === "suspicious" ? [{ name, ...result }] : [],
  );
  const named = worstFirst(fired, ["malicious", "suspicious"], ({ category }) => category).map(
    ({ engine_name, name, result, category }) =>
      `${foreignText(engine_name ?? name, 30)} (${foreignText(result, 40) ?? category})`,
  );
  return texts(named, mostEngines, 80);
}
