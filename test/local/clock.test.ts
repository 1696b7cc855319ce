import { setTimeout as realDelay } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { installDate, realClock, skippingClock } from "../../local/clock";

const hour = 3_600_000;

describe("skippingClock", () => {
  it("jumps to the alarms in the order of their instants", async () => {
    const clock = skippingClock();
    const start = clock.now();
    const rung: string[] = [];
    const all = new Promise<void>((resolve) => {
      clock.alarm(start + 3 * hour, () => {
        rung.push("third");
        resolve();
      });
      clock.alarm(start + hour, () => rung.push("first"));
      clock.alarm(start + 2 * hour, () => rung.push("second"));
    });
    await all;
    expect(rung).toEqual(["first", "second", "third"]);
    expect(clock.now() - start).toBeGreaterThanOrEqual(3 * hour);
  });

  it("stands still while anything is under way", async () => {
    const clock = skippingClock();
    const start = clock.now();
    const [first, second] = [clock.hold(), clock.hold()];
    let isRung = false;
    clock.alarm(start + hour, () => {
      isRung = true;
    });
    first();
    first();
    await realDelay(5);
    expect(isRung).toBe(false);
    second();
    await realDelay(5);
    expect(isRung).toBe(true);
  });

  it("rings an alarm in the background on its way, and does not skip to it alone", async () => {
    const clock = skippingClock();
    const start = clock.now();
    const rung: string[] = [];
    clock.alarm(start + hour, () => rung.push("background"), { background: true });
    clock.alarm(start + 3 * hour, () => rung.push("later"), { background: true });
    await realDelay(5);
    expect(rung).toEqual([]);
    await new Promise<void>((resolve) => void clock.alarm(start + 2 * hour, resolve));
    await realDelay(5);
    expect(rung).toEqual(["background"]);
    expect(clock.now() - start).toBeLessThan(3 * hour);
  });

  it("does not ring what was cancelled", async () => {
    const clock = skippingClock();
    const start = clock.now();
    clock.alarm(start + hour, () => expect.unreachable()).cancel();
    await realDelay(5);
    expect(clock.now() - start).toBeLessThan(hour);
  });
});

describe("realClock", () => {
  it("rings when the time has come, and not when it was cancelled", async () => {
    const clock = realClock();
    const start = clock.now();
    const never = clock.alarm(start + 5, () => expect.unreachable());
    never.cancel();
    await new Promise<void>((resolve) => void clock.alarm(start + 10, resolve));
    expect(clock.now() - start).toBeGreaterThanOrEqual(9);
  });

  it("does not ring at once for an instant that is further away than a timer reaches", async () => {
    const alarm = realClock().alarm(Date.now() + 60 * 24 * hour, () => expect.unreachable());
    await realDelay(5);
    alarm.cancel();
  });
});

describe("installDate", () => {
  let restore = () => {};
  afterEach(() => restore());

  it("makes Date follow the clock, and leaves dates that are given alone", () => {
    const clock = { ...realClock(), now: () => 1_000 };
    restore = installDate(clock);
    expect(Date.now()).toBe(1_000);
    expect(new Date().toISOString()).toBe("1970-01-01T00:00:01.000Z");
    expect(new Date(5).getTime()).toBe(5);
    expect(new Date("2026-11-22T00:00:00Z").toISOString()).toBe("2026-11-22T00:00:00.000Z");
    expect(new Date()).toBeInstanceOf(Date);
    restore();
    expect(Date.now()).toBeGreaterThan(1_000);
  });
});
