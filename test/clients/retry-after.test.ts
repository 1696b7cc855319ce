import { describe, expect, it } from "vitest";
import { pauseSeconds, retryAfterSeconds } from "../../clients/retry-after";

const now = Date.UTC(2026, 10, 22, 14, 5);

describe("retryAfterSeconds", () => {
  it.each<[header: string, seconds: number | undefined]>([
    ["120", 120],
    [" 0.25 ", 0.25],
    ["0", 0],
    ["Sun, 22 Nov 2026 14:06:30 GMT", 90],
    ["Sun, 22 Nov 2026 14:00:00 GMT", 0],
    ["soon", undefined],
    ["", undefined],
  ])("reads '%s' as %s", (header, seconds) => {
    expect(retryAfterSeconds({ "retry-after": header }, now)).toBe(seconds);
  });

  it("has nothing of an answer without the header", () => {
    expect(retryAfterSeconds({}, now)).toBeUndefined();
  });
});

describe("pauseSeconds", () => {
  it.each<[header: string | undefined, seconds: number]>([
    [undefined, 60],
    ["soon", 60],
    ["17.5", 17.5],
    ["0", 1],
    ["Sun, 22 Nov 2026 14:00:00 GMT", 1],
    ["86400", 3600],
  ])("makes %s a pause of %s seconds", (header, seconds) => {
    expect(pauseSeconds(header === undefined ? {} : { "retry-after": header }, now, 60)).toBe(seconds);
  });
});
