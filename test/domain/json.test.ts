import { expect, test } from "vitest";
import { defined, jsonFrom } from "../../domain/json";

test.each([
  ['{"a":[1]}', { a: [1] }],
  ["null", null],
  ['{"a":', undefined],
  ["<html>", undefined],
  ["", undefined],
  [null, undefined],
  [undefined, undefined],
])("%j holds %j", (text, value) => expect(jsonFrom(text)).toEqual(value));

test("what is undefined is left out; null, false, 0 and the empty text stay", () => {
  const properties = { a: undefined, b: null, c: false, d: 0, e: "" };
  expect(Object.entries(defined(properties))).toEqual(Object.entries({ b: null, c: false, d: 0, e: "" }));
});
