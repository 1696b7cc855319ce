import { appendFileSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Clock, realClock } from "../../../local/clock";
import { openTaskHub } from "../../../local/durable/task-hub";
import type { FunctionApp } from "../../../local/function-app";
import { manage } from "../../support/hub-server";
import { app, dataFolder, ended, open, raise, seen, start, status, useTaskHub } from "./setup";

useTaskHub();

/** The clock of a process that is dead: no alarm ever rings. */
const stoppedClock = (): Clock => ({ ...realClock(), alarm: () => ({ cancel: () => {} }) });

describe("the journal of a task hub", () => {
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
