import { describe, expect, it } from "vitest";
import { createAllowance, nextUtcMidnight, nothingSpent } from "../../orchestrators/allowance";

const free = { perMinute: 4, perDay: 500, perMonth: 15_500 };
const second = 1000;

describe("createAllowance", () => {
  it("lets a minute's requests go, and the next when the first of them has left the window", () => {
    const allowance = createAllowance(free, nothingSpent);
    expect(allowance.free(0)).toBe(4);
    allowance.take(3, 0);
    allowance.take(1, 10 * second);
    expect(allowance.free(20 * second)).toBe(0);
    expect(allowance.nextAt(20 * second)).toBe(62 * second);
    expect(allowance.free(62 * second)).toBe(3);
    expect(allowance.free(72 * second)).toBe(4);
  });

  it("knows no limit where the quota is 0", () => {
    const allowance = createAllowance({ perMinute: 0, perDay: 0, perMonth: 0 }, nothingSpent);
    allowance.take(10_000, 0);
    expect(allowance.free(0)).toBe(Number.POSITIVE_INFINITY);
    expect(allowance.nextAt(0)).toBe(0);
  });

  it("ends with the day's requests", () => {
    const allowance = createAllowance({ perMinute: 0, perDay: 10, perMonth: 0 }, nothingSpent);
    allowance.take(10, 0);
    expect(allowance.free(5 * second)).toBe(0);
    expect(allowance.nextAt(5 * second)).toBeUndefined();
  });

  it("goes on where an earlier phase of the run stopped", () => {
    const first = createAllowance(free, nothingSpent);
    first.take(4, 0);
    const second_ = createAllowance(free, first.spent(30 * second));
    expect(second_.free(30 * second)).toBe(0);
    expect(second_.spent(90 * second)).toEqual({ count: 4, recent: [] });
  });
});

describe("nextUtcMidnight", () => {
  it.each([
    ["2026-11-22T00:00:00.000Z", "2026-11-23T00:00:00.000Z"],
    ["2026-12-31T23:59:59.999Z", "2027-01-01T00:00:00.000Z"],
  ])("after %s is %s", (now, midnight) => {
    expect(new Date(nextUtcMidnight(Date.parse(now))).toISOString()).toBe(midnight);
  });
});
