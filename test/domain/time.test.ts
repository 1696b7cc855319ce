import { expect, test } from "vitest";
import { ageText, durationText, instantText } from "../../domain/time";

test.each([
  [Date.UTC(2026, 10, 22, 14, 5, 59, 999), "2026-11-22 14:05 UTC"],
  [0, "1970-01-01 00:00 UTC"],
  [Number.NaN, "unknown time"],
  [1e20, "unknown time"],
])("the instant %d reads %s", (at, expected) => expect(instantText(at)).toBe(expected));

test.each([
  [0, "0 s"],
  [42_400, "42 s"],
  [59_600, "1 min 0 s"],
  [252_000, "4 min 12 s"],
  [3_780_000, "1 h 3 min"],
  [-5, "0 s"],
])("%d ms read %s", (ms, expected) => expect(durationText(ms)).toBe(expected));

const day = 86_400_000;

test.each([
  [0, "0 days old"],
  [1.9 * day, "1 day old"],
  [59 * day, "59 days old"],
  [100 * day, "3 months old"],
  [800 * day, "2 years old"],
  [-1, "in the future"],
])("what began %d ms ago is %s", (ms, expected) => expect(ageText(1e12 - ms, 1e12)).toBe(expected));
