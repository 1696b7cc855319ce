import { expect, it } from "vitest";
import { instantText } from "../../domain/instant";

it.each([
  [Date.UTC(2026, 10, 22, 14, 5, 59, 999), "2026-11-22 14:05 UTC"],
  [0, "1970-01-01 00:00 UTC"],
])("prints %d to the minute, in UTC", (at, text) => {
  expect(instantText(at)).toBe(text);
});
