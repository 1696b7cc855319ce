import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTaskHub, type TaskHub } from "../../../local/durable/task-hub";
import { loadApp } from "../../../local/host/core-module";
import { manage } from "../../support/hub-server";
import { type ManualClock, manualClock } from "../../support/manual-clock";

const app = loadApp(join(__dirname, "../../fixtures/durable/app.cjs"), () => {});
const hour = 3600_000;
let dataFolder: string;
let clock: ManualClock;
let hub: TaskHub;

beforeEach(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), "journal-"));
  clock = manualClock(Date.parse("2026-11-22T00:00:00Z"));
  hub = await open();
});
afterEach(async () => {
  await hub.stop();
  rmSync(dataFolder, { recursive: true });
});

const open = () =>
  openTaskHub({
    app,
    clock,
    name: "Hub",
    authority: () => "localhost:7071",
    dataFolder,
    compactFromBytes: 20_000,
    retentionMs: 3 * hour,
  });

const headers = { "content-type": "application/json" };
const start = (name: string, id: string, input: unknown) =>
  manage(hub, "POST", `orchestrators/${name}/${id}`, { body: JSON.stringify(input), headers });
const raise = (id: string, value: unknown) =>
  manage(hub, "POST", `instances/${id}/raiseEvent/Number`, { body: JSON.stringify(value), headers });
const statusOf = (id: string) => manage(hub, "GET", `instances/${id}`);
const journal = () => readFileSync(join(dataFolder, "Hub.jsonl"), "utf8").trimEnd().split("\n");
const isSnapshot = (line: string) => line.startsWith('{"kind":"instance"');

/** Runs of an hour each, one after the other. */
async function runHours(from: number, to: number): Promise<void> {
  for (let n = from; n < to; n++) {
    await start("sleep", `hour-${n}`, hour);
    await clock.idle();
    clock.skip();
    await clock.idle();
  }
}

test("a journal that has grown loses the runs that ended longer ago than the retention, and only those", async () => {
  await start("sleep", "long", 100 * hour);
  const sizes: number[] = [];
  for (let n = 0; n < 60; n += 6) {
    await runHours(n, n + 6);
    sizes.push(journal().join("\n").length);
  }
  expect((await statusOf("hour-0")).status).toBe(404);
  expect((await statusOf("hour-57")).status).toBe(200);
  expect((await statusOf("long")).status).toBe(202);
  expect(Math.max(...sizes)).toBeLessThan(22_000);
  expect(journal().filter(isSnapshot).length).toBeLessThan(7);
});

test("a compacted journal holds everything that a new process needs", async () => {
  await start("sleep", "long", 100 * hour);
  await start("collect", "collects", 2);
  await clock.idle();
  await raise("collects", 7);
  await runHours(0, 30);
  expect(journal().some(isSnapshot)).toBe(true);
  const before = await statusOf("hour-29");
  expect(before.status).toBe(200);
  await hub.stop();

  hub = await open();
  expect(await statusOf("hour-29")).toEqual(before);
  await raise("collects", 8);
  await clock.idle();
  expect(JSON.parse((await statusOf("collects")).body).output).toEqual([7, 8]);
  clock.skip();
  await clock.idle();
  expect((await statusOf("long")).status).toBe(200);
});

test("a journal whose runs all have to stay grows to twice their size before it is rewritten", async () => {
  for (let n = 0; n < 200; n++) {
    await start("collect", `waits-${n}`, 1);
    await clock.idle();
  }
  const snapshots = journal().filter(isSnapshot);
  expect(snapshots.length).toBeGreaterThan(50);
  expect(snapshots.length).toBeLessThan(200);
  await hub.stop();
  hub = await open();
  const all = await manage(hub, "GET", "instances", { query: new URLSearchParams("top=1000") });
  expect(JSON.parse(all.body)).toHaveLength(200);
});
