import { describe, expect, it } from "vitest";
import { pauseSeconds, retryAfterSeconds } from "../../clients/http-response";

const now = Date.UTC(2026, 10, 22, 14, 5);

describe("retryAfterSeconds", () => {
  it.each<{ header: string; seconds: number | undefined }>([
    { header: "120", seconds: 120 },
    { header: " 0.25 ", seconds: 0.25 },
    { header: "0", seconds: 0 },
    { header: "Sun, 22 Nov 2026 14:06:30 GMT", seconds: 90 },
    { header: "Sun, 22 Nov 2026 14:00:00 GMT", seconds: 0 },
    { header: "Sunday, 22-Nov-26 14:06:30 GMT", seconds: 90 },
    { header: "Sun Nov 22 14:06:30 2026", seconds: 90 },
    { header: "soon", seconds: undefined },
    { header: "soon 5", seconds: undefined },
    { header: "-1", seconds: undefined },
    { header: "1e3", seconds: undefined },
    { header: "0x10", seconds: undefined },
    { header: "2026", seconds: 2026 },
    { header: "Infinity", seconds: undefined },
    { header: "9".repeat(400), seconds: undefined },
    { header: "", seconds: undefined },
  ])("reads '$header' as $seconds", ({ header, seconds }) => {
    expect(retryAfterSeconds({ "retry-after": header }, now)).toBe(seconds);
  });

  it.each(["retry-after-ms", "x-ms-retry-after-ms"])("reads Azure's %s, in milliseconds, first", (name) => {
    expect(retryAfterSeconds({ [name]: "2500", "retry-after": "3" }, now)).toBe(2.5);
    expect(retryAfterSeconds({ [name]: "soon", "retry-after": "3" }, now)).toBe(3);
  });

  it("finds nothing in an answer without the header", () => {
    expect(retryAfterSeconds({}, now)).toBeUndefined();
  });
});

describe("pauseSeconds", () => {
  it.each<{ header: string | undefined; seconds: number }>([
    { header: undefined, seconds: 60 },
    { header: "soon", seconds: 60 },
    { header: "17.5", seconds: 17.5 },
    { header: "0", seconds: 1 },
    { header: "Sun, 22 Nov 2026 14:00:00 GMT", seconds: 1 },
    { header: "86400", seconds: 3600 },
  ])("makes $header a pause of $seconds seconds", ({ header, seconds }) => {
    expect(pauseSeconds(header === undefined ? {} : { "retry-after": header }, now, 60)).toBe(seconds);
  });
});
