import { expect, test } from "vitest";
import { jsonFrom } from "../../domain/json";

test.each([
  ['{"a":[1]}', { a: [1] }],
  ["null", null],
  ['{"a":', undefined],
  ["<html>", undefined],
  ["", undefined],
  [null, undefined],
  [undefined, undefined],
])("%j holds %j", (text, value) => expect(jsonFrom(text)).toEqual(value));
