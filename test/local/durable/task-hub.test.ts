import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { realClock, skippingClock } from "../../../local/clock";
import type { TaskHub } from "../../../local/durable/task-hub";
import { barrier } from "../../support/barrier";
import { manage } from "../../support/hub-server";
import { dataFolder, ended, open, raise, seen, start, useTaskHub } from "./setup";

useTaskHub();

describe("execution", () => {
  test.each([
    ["32 by default", {}, 32],
    ["as many as asked for", { maxConcurrentActivities: 3 }, 3],
  ])("activities of a fan-out run side by side, %s", async (_, options, most) => {
    const hub = await open(options);
    await start(hub, "wide", "w", 100);
    expect((await ended(hub, "w")).output).toBe(4950);
    expect(seen).toEqual({ calls: 100, running: 0, mostRunning: most });
  });

  test("no event of a burst is lost, and they keep their order", async () => {
    const hub = await open();
    const numbers = Array.from({ length: 60 }, (_, n) => n);
    await start(hub, "collect", "c", numbers.length);
    for (const n of numbers) {
      await raise(hub, "c", "Number", n);
      if (n % 7 === 0) await delay(1);
    }
    expect((await ended(hub, "c")).output).toEqual(numbers);
  });

  test("an hour's timer takes no time on a skipping clock", async () => {
    const clock = skippingClock();
    const hub = await open({ clock });
    const before = clock.now();
    await start(hub, "sleep", "s", 3600_000);
    expect((await ended(hub, "s")).output).toBe("awake");
    expect(clock.now() - before).toBeGreaterThanOrEqual(3600_000);
  });

  test("a timer beyond six days is a chain of three-day timers", async () => {
    const hub = await open();
    await start(hub, "sleep", "s", 10 * 24 * 3600_000);
    const { historyEvents } = await ended(hub, "s");
    const timers = historyEvents.filter((event: { EventType: string }) => event.EventType === "TimerCreated");
    expect(timers).toHaveLength(4);
  });

  test.each([
    ["no version", {}, [null, null]],
    ["the hub's version", { orchestrationVersion: "7" }, ["7", "7"]],
  ])("an instance and its children have %s", async (_, options, versions) => {
    const hub = await open(options);
    await start(hub, "versions", "v", { withChild: true });
    expect((await ended(hub, "v")).output).toEqual(versions);
  });

  test("an instance keeps the version it was started with", async () => {
    const before = await open({ dataFolder, orchestrationVersion: "1", clock: realClock() });
    await start(before, "versionAfter", "v", 3600_000);
    await before.stop();
    const after = await open({ dataFolder, orchestrationVersion: "2" });
    expect((await ended(after, "v")).output).toBe("1");
  });

  test.each([
    ["an activity that is not registered", "callsNobody", "The function 'nobody' doesn't exist"],
    ["an orchestrator that is not registered", "nobody", "The function 'nobody' doesn't exist"],
    ["an action that is not supported", "callsHttp", "supports no entities and no HTTP calls"],
    [
      "a child with the id of its parent",
      "callsItself",
      "must be different than the instance ID of a parent",
    ],
  ])("%s fails the instance with a clear text", async (_, name, text) => {
    const hub = await open();
    await start(hub, name, "x");
    const { runtimeStatus, output } = await ended(hub, "x");
    expect(runtimeStatus).toBe("Failed");
    expect(output).toMatch(new RegExp(`^Orchestrator function '${name}' failed: `));
    expect(output).toContain(text);
  });
});

describe("ten starts of one instance in the same moment", () => {
  const startTen = (hub: TaskHub) =>
    Promise.all(Array.from({ length: 10 }, (_, n) => start(hub, "wide", "same", n + 1)));
  const statuses = (replies: readonly { status: number }[]) => replies.map(({ status: code }) => code);

  test("are all accepted, as on a real host, and make one run: that of the last one written", async () => {
    const hub = await open({ faults: { startGap: barrier(10) }, dataFolder });
    expect(statuses(await startTen(hub))).toEqual(Array(10).fill(202));

    const { output, runtimeStatus, historyEvents } = await ended(hub, "same");
    expect([runtimeStatus, output, seen.calls]).toEqual(["Completed", 45, 10]);
    const starts = historyEvents.filter(
      ({ EventType }: { EventType: string }) => EventType === "ExecutionStarted",
    );
    expect(starts).toHaveLength(1);
    const all = await manage(hub, "GET", "instances");
    expect(JSON.parse(all.body)).toHaveLength(1);

    await hub.stop();
    expect((await ended(await open({ dataFolder }), "same")).output).toBe(45);
  });

  test("replace a run that has begun in the gap of another start", async () => {
    let write = () => {};
    const gaps = [new Promise<void>((resolve) => (write = resolve))];
    const hub = await open({ faults: { startGap: async () => gaps.shift() } });
    const late = start(hub, "collect", "same", 1);
    await start(hub, "wide", "same", 3);
    expect((await ended(hub, "same")).output).toBe(3);

    write();
    expect((await late).status).toBe(202);
    await raise(hub, "same", "Number", 7);
    expect((await ended(hub, "same")).output).toEqual([7]);
  });

  test("are refused but for the first where a start leaves no gap", async () => {
    const hub = await open();
    expect(statuses(await startTen(hub))).toEqual([202, ...Array(9).fill(409)]);
    expect((await ended(hub, "same")).output).toBe(0);
  });

  test("are refused when the instance has been running for a while", async () => {
    const hub = await open({ faults: { startGap: barrier(1) } });
    await start(hub, "collect", "same", 1);
    expect(statuses(await startTen(hub))).toEqual(Array(10).fill(409));
  });
});
