import { setTimeout as realDelay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { skippingClock } from "../../../local/clock";
import type { FunctionApp, Invocation, RegisteredFunction } from "../../../local/function-app";
import { startTimerTriggers } from "../../../local/host/timer-triggers";

const hour = 3_600_000;

function timerFunction(schedule: string): RegisteredFunction {
  return {
    name: "sweep",
    trigger: { name: "timer", type: "timerTrigger", schedule },
    extraInputs: [{ name: "client", type: "durableClient" }],
  };
}

function setUp(schedule: string, sweep: () => Promise<void> = async () => {}) {
  const clock = skippingClock();
  const calls: { at: number; invocation: Invocation }[] = [];
  const app: FunctionApp = {
    find: () => undefined,
    all: () => [timerFunction(schedule)],
    async invoke(_fn, invocation) {
      calls.push({ at: clock.now(), invocation });
      await sweep();
      return { returnValue: undefined, outputs: [] };
    },
  };
  const lines: string[] = [];
  const timers = startTimerTriggers({
    app,
    clock,
    hub: { clientBinding: () => "the hub" },
    log: (level, name, _id, text) => void lines.push(`${level} ${name}: ${text}`),
  });
  const passed = (ms: number) => new Promise<void>((rung) => void clock.alarm(clock.now() + ms, rung));
  return { clock, calls, lines, timers, passed };
}

describe("a timer function", () => {
  it("is called when its schedule says, in UTC, with the timer and the task hub", async () => {
    const { calls, passed, timers } = setUp("0 17 3 * * *");
    await passed(72 * hour);
    await timers.stop();
    expect(calls.map(({ at }) => new Date(at).toISOString().slice(11, 16))).toEqual([
      "03:17",
      "03:17",
      "03:17",
    ]);
    const [timer, client] = calls[0]?.invocation.inputs ?? [];
    expect(JSON.parse(String(timer?.data.json))).toMatchObject({
      IsPastDue: false,
      ScheduleStatus: { Next: new Date((calls[1]?.at ?? 0) - ((calls[1]?.at ?? 0) % 60_000)).toISOString() },
    });
    expect(client).toEqual({ name: "client", data: { string: "the hub" } });
  });

  it("is nothing that a skipping clock skips to", async () => {
    const { clock, calls, timers } = setUp("0 17 3 * * *");
    const startedAt = clock.now();
    await realDelay(20);
    await timers.stop();
    expect(clock.now() - startedAt).toBeLessThan(hour);
    expect(calls.length).toBeLessThanOrEqual(1);
  });

  it("that throws is logged, and called again the next time", async () => {
    const { calls, lines, passed, timers } = setUp("0 0 * * * *", async () => {
      throw new Error("storage is down");
    });
    await passed(2 * hour);
    await timers.stop();
    expect(calls).toHaveLength(2);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^error sweep: Error: storage is down/);
  });

  it("is not called after the stop, which waits for the call under way", async () => {
    let isDone = false;
    const { calls, passed, timers } = setUp("0 0 * * * *", async () => {
      await realDelay(20);
      isDone = true;
    });
    await passed(hour);
    await timers.stop();
    expect(isDone).toBe(calls.length > 0);
    const called = calls.length;
    await passed(5 * hour);
    expect(calls).toHaveLength(called);
  });

  it("with a schedule that is none keeps the host from starting", () => {
    expect(() => setUp("every night")).toThrow(
      'The schedule of "sweep" is not a cron expression: every night',
    );
  });
});
