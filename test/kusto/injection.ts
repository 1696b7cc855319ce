import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect } from "vitest";
import { contextBatches } from "../../clients/log-analytics/context-source";
import { earlierIncidentsQuery } from "../../clients/log-analytics/earlier-incidents";
import { sightingQueries } from "../../clients/log-analytics/sightings";
import { type Indicator, type IndicatorKind, indicatorKinds } from "../../domain/indicators/indicator";
import { checkQuery, tokensOf } from "./check-query";

/** What ends a literal, a list, a statement or a line somewhere. */
const breakouts = [
  '"',
  "'",
  "\\",
  '\\"',
  '"])',
  "])",
  ");",
  "\n| union SecurityEvent",
  "//",
  "/*",
  "*/",
  "```",
  "~~~",
  "@",
  "h'",
  "\u0000",
  "\u2028",
  "\u2029",
  "\u0085",
  "\ud800",
  "\uffff",
  "\\u0022",
  "\r",
  "%22",
  "{}",
  "$left",
  ".drop table",
];

const hostileValue = fc
  .array(
    fc.oneof(
      fc.constantFrom(...breakouts),
      fc.string({ unit: "binary", maxLength: 6 }),
      fc.string({ maxLength: 6 }),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.join(""));

/** The same in every run, others with another variant. */
export function hostileValues(count: number, variant = 0): readonly string[] {
  return fc.sample(hostileValue, { numRuns: count, seed: 20261126 + variant });
}

/** Tokens of a query whose lists are emptied, and those lists. */
export function withoutLists(query: string) {
  const lists: string[][] = [];
  const rest: string[] = [];
  let open: string[] | undefined;
  const tokens = tokensOf(query);
  for (const [i, token] of tokens.entries()) {
    if (open && token === "]") open = undefined;
    if (open) open.push(token);
    else rest.push(token);
    if (!open && token === "[" && tokens[i - 2] === "dynamic") {
      open = [];
      lists.push(open);
    }
  }
  return { rest, lists };
}

function queriesAbout(kind: IndicatorKind, values: readonly string[]) {
  const indicators = values.map((value): Indicator => ({ kind, value }));
  const { batches } = contextBatches(indicators);
  return batches.flatMap(({ terms }) => [
    { terms, text: sightingQueries[kind](terms, 30) },
    { terms, text: earlierIncidentsQuery(terms, values[0] ?? "") },
  ]);
}

/** Below the most that one query asks about, since a text can have two spellings. */
const batch = 100;

/**
 * Puts so many hostile texts in the place of canonical values of a kind: each is one literal in a list, with its own text,
 * and everything else in the query is as with a harmless value.
 */
export function expectLiteralsOnly(kind: IndicatorKind, count: number): void {
  const values = hostileValues(count, indicatorKinds.indexOf(kind));
  const harmless = queriesAbout(kind, ["harmless"]).map(({ text }) => restOf(withoutLists(text).rest));
  for (let from = 0; from < values.length; from += batch) {
    const queries = queriesAbout(kind, values.slice(from, from + batch));
    for (const [position, { text, terms }] of queries.entries()) {
      if (from === 0) expect(checkQuery(text)).toEqual([]);
      const { rest, lists } = withoutLists(text);
      expect(restOf(rest)).toBe(harmless[position]);
      const [spellings, owners] = lists.map((tokens) => JSON.parse(`[${tokens.join("")}]`));
      expect(isDeepStrictEqual([spellings, owners], [terms.spellings, terms.owners])).toBe(true);
      const others = lists.flat().filter((token) => token !== "," && !/^"[^"\n]*"$/.test(token));
      expect(others).toEqual([]);
    }
  }
}

const restOf = (tokens: readonly string[]) => tokens.join(" ");
