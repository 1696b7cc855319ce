import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Clock, realClock, skippingClock } from "../../../local/clock";
import { openTaskHub, type TaskHub, type TaskHubOptions } from "../../../local/durable/task-hub";
import type { FunctionApp } from "../../../local/function-app";
import { loadApp } from "../../../local/host/core-module";
import { barrier } from "../../support/barrier";
import { manage } from "../../support/hub-server";

const appFile = join(__dirname, "../../fixtures/durable/app.cjs");

let app: FunctionApp;
let seen: { calls: number; running: number; mostRunning: number };
let dataFolder: string;
const opened: TaskHub[] = [];

beforeEach(() => {
  app = loadApp(appFile, () => {});
  seen = createRequire(__filename)(appFile).seen;
  dataFolder = mkdtempSync(join(tmpdir(), "task-hub-"));
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((hub) => hub.stop()));
  rmSync(dataFolder, { recursive: true });
});

async function open(options: Partial<TaskHubOptions> = {}): Promise<TaskHub> {
  const clock = options.clock ?? skippingClock();
  const hub = await openTaskHub({ app, clock, name: "Hub", authority: () => "localhost:7071", ...options });
  opened.push(hub);
  return hub;
}

const json = { "content-type": "application/json" };

const start = (hub: TaskHub, name: string, id: string, input: unknown = null) =>
  manage(hub, "POST", `orchestrators/${name}/${id}`, { body: JSON.stringify(input), headers: json });

const raise = (hub: TaskHub, id: string, event: string, value: unknown) =>
  manage(hub, "POST", `instances/${id}/raiseEvent/${event}`, { body: JSON.stringify(value), headers: json });

async function status(hub: TaskHub, id: string) {
  const query = new URLSearchParams({ showHistory: "true", showHistoryOutput: "true" });
  const reply = await manage(hub, "GET", `instances/${id}`, { query });
  return reply.status === 404 ? undefined : JSON.parse(reply.body);
}

async function ended(hub: TaskHub, id: string) {
  for (;;) {
    const found = await status(hub, id);
    if (found.runtimeStatus !== "Running" && found.runtimeStatus !== "Pending") return found;
    await delay(1);
  }
}

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
    const [before, realBefore] = [clock.now(), Date.now()];
    await start(hub, "sleep", "s", 3600_000);
    expect((await ended(hub, "s")).output).toBe("awake");
    expect(clock.now() - before).toBeGreaterThanOrEqual(3600_000);
    expect(Date.now() - realBefore).toBeLessThan(10_000);
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

describe("journal", () => {
  const journal = () => join(dataFolder, "Hub.jsonl");
  const ids = ["one", "two"];

  /** Two stories to their end, one of them with the event. */
  async function wholeStory(): Promise<readonly string[]> {
    const hub = await open({ dataFolder });
    for (const id of ids) await start(hub, "story", id, { id });
    await raise(hub, "one", "Go", 1);
    for (const id of ids) await ended(hub, id);
    await hub.stop();
    return readFileSync(journal(), "utf8").trimEnd().split("\n");
  }

  test("killed after any commit, a new process ends every run that was started, once", async () => {
    const lines = await wholeStory();
    expect(lines.length).toBeGreaterThan(40);
    for (let kept = 1; kept <= lines.length; kept++) {
      // The line that was being written is torn.
      const torn = lines[kept]?.slice(0, 40) ?? "";
      writeFileSync(journal(), `${lines.slice(0, kept).join("\n")}\n${torn}`);
      const hub = await open({ dataFolder });
      for (const id of ids) {
        if ((await status(hub, id)) === undefined) continue;
        const { output, customStatus, historyEvents } = await ended(hub, id);
        expect(output).toEqual({ total: 24, last: "Activity function 'refuse' failed:  not today" });
        expect(customStatus).toEqual({ waited: true });
        const completed = historyEvents.filter((e: { EventType: string }) => e.EventType === "TaskCompleted");
        expect(completed).toHaveLength(3);
      }
      await hub.stop();
      for (const line of readFileSync(journal(), "utf8").trimEnd().split("\n")) JSON.parse(line);
    }
  });

  test("what was running when the process died runs again; what has a result does not", async () => {
    const never: FunctionApp = {
      ...app,
      invoke: (fn, call) => (fn.name === "work" ? new Promise(() => {}) : app.invoke(fn, call)),
    };
    const dead = await openTaskHub({
      app: never,
      clock: stoppedClock(),
      name: "Hub",
      authority: () => "",
      dataFolder,
    });
    await start(dead, "wide", "w", 4);
    await start(dead, "collect", "c", 1);
    await raise(dead, "c", "Number", 7);
    await expect.poll(async () => (await status(dead, "c")).runtimeStatus).toBe("Completed");
    const double = seen.calls;

    // The process is dead, but here it still has its folder.
    const copy = join(dataFolder, "copy");
    mkdirSync(copy);
    copyFileSync(journal(), join(copy, "Hub.jsonl"));
    const hub = await open({ dataFolder: copy });
    expect((await ended(hub, "w")).output).toBe(6);
    expect((await ended(hub, "c")).output).toEqual([7]);
    expect(seen.calls - double).toBe(4);
  });

  test("stop waits for running activities, and their results are kept", async () => {
    const first = await open({ dataFolder, clock: realClock() });
    await start(first, "wide", "w", 4);
    await expect.poll(() => seen.running, { interval: 1 }).toBe(4);
    await first.stop();
    expect(seen.running).toBe(0);
    const second = await open({ dataFolder });
    expect((await ended(second, "w")).output).toBe(6);
    expect(seen.calls).toBe(4);
  });

  test("a purged instance stays purged", async () => {
    const first = await open({ dataFolder });
    await start(first, "sleep", "s", 1);
    await ended(first, "s");
    await manage(first, "DELETE", "instances/s");
    await first.stop();
    expect(await status(await open({ dataFolder }), "s")).toBeUndefined();
  });

  const lines: readonly { readonly line: string; readonly wrong: string }[] = [
    { line: "{oops", wrong: "it is not JSON." },
    { line: "", wrong: "it is not JSON." },
    { line: "null", wrong: "it is not a change of the task hub." },
    { line: "[]", wrong: "it is not a change of the task hub." },
    { line: '{"kind":"nonsense"}', wrong: '"kind" is missing or wrong.' },
    { line: '{"kind":"message","message":{"to":"x"}}', wrong: '"message.event" is missing or wrong.' },
    {
      line: '{"kind":"message","message":{"to":"x","event":{"EventType":"TimerFired","TimerId":1,"FireAt":"soon","Timestamp":"2026-11-22T00:00:00Z"}}}',
      wrong: '"message.event.FireAt" is missing or wrong.',
    },
    { line: '{"kind":"purge"}', wrong: '"instanceIds" is missing or wrong.' },
    { line: '{"kind":"instance","instance":{}}', wrong: '"instance.id" is missing or wrong.' },
    {
      line: '{"kind":"turn","instanceId":"none","startedAt":0,"endedAt":0,"taken":0,"customStatus":null,"scheduled":[],"sent":[]}',
      wrong: "There is no instance none for its turn.",
    },
  ];

  test.each(lines)(
    "the line $line is an error that names file and line, and says $wrong",
    async ({ line, wrong }) => {
      await wholeStory();
      appendFileSync(journal(), `${line}\n`);
      const number = readFileSync(journal(), "utf8").split("\n").length - 1;
      await expect(open({ dataFolder })).rejects.toThrow(
        `Line ${number} of ${journal()} cannot be read: ${wrong} `,
      );
    },
  );

  test("a refused journal leaves its folder free", async () => {
    await wholeStory();
    const good = readFileSync(journal(), "utf8");
    writeFileSync(journal(), "null\n");
    await expect(open({ dataFolder })).rejects.toThrow("Line 1");
    writeFileSync(journal(), good);
    await (await open({ dataFolder })).stop();
  });

  test("a second hub on the folder of one that runs is refused", async () => {
    await open({ dataFolder });
    await expect(open({ dataFolder })).rejects.toThrow(
      `${dataFolder} is in use by another process (${process.pid})`,
    );
  });
});

/** The clock of a process that is dead: no alarm ever rings. */
const stoppedClock = (): Clock => ({ ...realClock(), alarm: () => ({ cancel: () => {} }) });
