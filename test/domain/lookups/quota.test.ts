import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  nextUtcMidnight,
  nextUtcMonth,
  nothingUsed,
  type Quota,
  type QuotaUse,
  takeFrom,
  withoutRequests,
  withReading,
} from "../../../domain/lookups/quota";

const unlimited: Quota = { perMinute: 0, perDay: 0, perMonth: 0 };
const free: Quota = { perMinute: 4, perDay: 500, perMonth: 15_500 };
const noon = Date.parse("2026-11-22T12:00:00Z");
const second = 1000;

const take = (quota: Quota, use: QuotaUse, wanted: number, now = noon, urgent = false) =>
  takeFrom(quota, use, { wanted, urgent }, now);
const usedToday = (requests: number, now = noon) => take(unlimited, nothingUsed, requests, now).use;

describe("takeFrom", () => {
  it("grants a minute's requests, and the next when the first of them is 62 seconds old", () => {
    const first = take(free, nothingUsed, 3);
    const second_ = take(free, first.use, 3, noon + 10 * second);
    const third = take(free, second_.use, 3, noon + 61 * second);
    const fourth = take(free, third.use, 3, noon + 62 * second);
    expect([first.granted, second_.granted, third.granted, fourth.granted]).toEqual([3, 1, 0, 3]);
    expect(first.wait).toBeUndefined();
    expect(second_.wait).toEqual({
      freeAt: noon + 62 * second,
      reason: "the quota of 4 requests a minute is used up",
    });
    expect(fourth.wait?.freeAt).toBe(noon + 72 * second);
  });

  it("says what is used up, also of a single request", () => {
    expect(take({ ...unlimited, perMonth: 1 }, nothingUsed, 2).wait?.reason).toBe(
      "the quota of 1 request a month is used up",
    );
  });

  it("knows no limit where the quota is 0", () => {
    expect(take(unlimited, usedToday(1_000_000), 1000)).toMatchObject({ granted: 1000 });
    expect(take(unlimited, nothingUsed, 1000).wait).toBeUndefined();
  });

  it("keeps the last tenth of the day for urgent requests", () => {
    const daily = { ...unlimited, perDay: 500 };
    const ordinary = take(daily, usedToday(445), 8);
    expect(ordinary.granted).toBe(5);
    expect(ordinary.wait).toEqual({
      freeAt: Date.parse("2026-11-23T00:00:00Z"),
      reason:
        "the quota of 500 requests a day is used up, except for the 50 reserved for incidents of high severity",
    });
    const urgent = take(daily, usedToday(495), 8, noon, true);
    expect(urgent.granted).toBe(5);
    expect(urgent.wait?.reason).toBe("the quota of 500 requests a day is used up");
  });

  it.each([
    ["the day", { ...unlimited, perDay: 5 }, "2026-11-22T23:59:59.999Z", "2026-11-23T00:00:00.000Z"],
    ["the month", { ...unlimited, perMonth: 5 }, "2026-11-30T23:59:59.999Z", "2026-12-01T00:00:00.000Z"],
    [
      "the month, at the end of a year",
      { ...unlimited, perMonth: 5 },
      "2026-12-07T00:00:00Z",
      "2027-01-01T00:00:00.000Z",
    ],
  ])("starts over with %s in UTC, and not a moment earlier", (_, quota, at, border) => {
    const now = Date.parse(at);
    const spent = take(quota, nothingUsed, 5, now, true);
    expect(new Date(spent.wait?.freeAt ?? 0).toISOString()).toBe(border);
    expect(take(quota, spent.use, 1, Date.parse(border) - 1, true).granted).toBe(0);
    expect(take(quota, spent.use, 5, Date.parse(border), true).granted).toBe(5);
  });

  it("names the limit that lasts longest when several are used up", () => {
    const { wait } = take({ perMinute: 4, perDay: 4, perMonth: 4 }, nothingUsed, 4, noon, true);
    expect(wait).toEqual({
      freeAt: Date.parse("2026-12-01T00:00:00Z"),
      reason: "the quota of 4 requests a month is used up",
    });
  });

  it("does not turn the day back for a machine whose clock is behind", () => {
    const daily = { ...unlimited, perDay: 5 };
    const midnight = Date.parse("2026-11-23T00:00:00Z");
    const { use } = take(daily, nothingUsed, 5, midnight, true);
    expect(take(daily, use, 1, midnight - second, true).granted).toBe(0);
  });

  it("never grants more than the quota in any 60 seconds, UTC day or month, in whatever order it is asked", () => {
    const limits = fc.record({
      perMinute: fc.integer({ min: 1, max: 6 }),
      perDay: fc.integer({ min: 1, max: 60 }),
      perMonth: fc.integer({ min: 1, max: 200 }),
    });
    const steps = fc.array(
      fc.record({
        // Minutes within a day, or a jump to the neighbourhood of a day's or month's end.
        afterMs: fc.oneof(fc.integer({ min: 0, max: 90_000 }), fc.integer({ min: 0, max: 20 * 86_400_000 })),
        wanted: fc.integer({ min: 0, max: 8 }),
        urgent: fc.boolean(),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(limits, steps, fc.integer({ min: 0, max: 40 * 86_400_000 }), (quota, asked, offset) => {
        let now = noon + offset;
        let use = nothingUsed;
        const granted: number[] = [];
        for (const { afterMs, wanted, urgent } of asked) {
          now += afterMs;
          const grant = takeFrom(quota, use, { wanted, urgent }, now);
          use = grant.use;
          for (let i = 0; i < grant.granted; i++) granted.push(now);
          // A denied caller gets a later instant, at which asking again succeeds.
          if (grant.granted < wanted) expect(grant.wait?.freeAt).toBeGreaterThan(now);
        }
        for (const at of granted) {
          const since = (from: number) => granted.filter((other) => other >= from && other <= at).length;
          const { perMinute, perDay, perMonth } = quota;
          expect(since(at - 60_000)).toBeLessThanOrEqual(perMinute);
          expect(since(Date.parse(new Date(at).toISOString().slice(0, 10)))).toBeLessThanOrEqual(perDay);
          expect(since(Date.parse(new Date(at).toISOString().slice(0, 7)))).toBeLessThanOrEqual(perMonth);
        }
      }),
      { seed: 5, numRuns: 300 },
    );
  });
});

describe("what a service has counted itself", () => {
  it("counts where it is more, since others use the key too", () => {
    const reading = { quota: free, used: { day: 498, month: 10 }, goodForSeconds: 60 };
    const use = withReading(usedToday(20), reading, noon);
    expect(take(free, use, 4, noon, true).granted).toBe(0);
    expect(use.day.requests).toBe(498);
    expect(use.month.requests).toBe(20);
  });
});

describe("requests that were not made", () => {
  it("are free again, but never more than were taken", () => {
    const daily = { ...unlimited, perDay: 5 };
    const { use } = take(daily, nothingUsed, 5, noon, true);
    expect(take(daily, withoutRequests(use, 2), 5, noon, true).granted).toBe(2);
    expect(take(daily, withoutRequests(use, 99), 9, noon, true).granted).toBe(5);
  });
});

describe("UTC borders", () => {
  it.each([
    ["2026-11-22T00:00:00.000Z", "2026-11-23T00:00:00.000Z", "2026-12-01T00:00:00.000Z"],
    ["2026-12-31T23:59:59.999Z", "2027-01-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"],
    ["2028-02-28T12:00:00.000Z", "2028-02-29T00:00:00.000Z", "2028-03-01T00:00:00.000Z"],
  ])("after %s are %s and %s", (now, midnight, first) => {
    expect(new Date(nextUtcMidnight(Date.parse(now))).toISOString()).toBe(midnight);
    expect(new Date(nextUtcMonth(Date.parse(now))).toISOString()).toBe(first);
  });
});
