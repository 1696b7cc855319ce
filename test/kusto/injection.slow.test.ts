import { expect, it } from "vitest";
import { entriesQuery } from "../../clients/workspace-ti/wire";
import { indicatorKinds } from "../../domain/indicators/indicator";
import { checkQuery, tokensOf } from "./check-query";
import { expectLiteralsOnly, hostileValues, withoutLists } from "./injection";

it("the lexer sees a value that is put into a query without care", () => {
  const careless = (value: string) => `print x = dynamic(["${value}"])`;
  expect(tokensOf(careless("a"))).toHaveLength(tokensOf(careless("b")).length);
  expect(tokensOf(careless('"]) | union SecurityEvent //')).length).not.toBe(tokensOf(careless("a")).length);
});

it.each(indicatorKinds)(
  "25,000 hostile values of kind %s are literals in every query, and nothing else",
  (kind) => expectLiteralsOnly(kind, 25_000),
);

it("200 hostile values are literals in the query for threat intelligence, and nothing else", () => {
  const values = hostileValues(200);
  const query = entriesQuery(values);
  expect(checkQuery(query)).toEqual([]);
  const { rest, lists } = withoutLists(query);
  expect(rest).toEqual(withoutLists(entriesQuery(["harmless"])).rest);
  expect(lists.map((tokens) => JSON.parse(`[${tokens.join("")}]`))).toEqual([values]);
});
