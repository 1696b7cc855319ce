import { expect, it } from "vitest";
import { dynamicLiteral } from "../../clients/log-query";

it("dynamicLiteral keeps a value as it is, as JSON reads it", () => {
  const values = ['a"b', "\\", "\n", "ü", "\ud800", "https://a.example/?b=c&d=%22"];
  const [, json = ""] = /^dynamic\((.*)\)$/s.exec(dynamicLiteral(values)) ?? [];
  expect(JSON.parse(json)).toEqual(values);
});
