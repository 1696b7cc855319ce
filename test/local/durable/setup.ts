import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach } from "vitest";
import { skippingClock } from "../../../local/clock";
import { openTaskHub, type TaskHub, type TaskHubOptions } from "../../../local/durable/task-hub";
import type { FunctionApp } from "../../../local/function-app";
import { loadApp } from "../../../local/host/core-module";
import { manage } from "../../support/hub-server";

const appFile = join(__dirname, "../../fixtures/durable/app.cjs");

/** Of the test that runs. */
export let app: FunctionApp;
export let seen: { calls: number; running: number; mostRunning: number };
export let dataFolder: string;
const opened: TaskHub[] = [];

/** Gives every test of the file that calls it an app, a folder, and an end of its hubs. */
export function useTaskHub(): void {
  beforeEach(() => {
    app = loadApp(appFile, () => {});
    seen = createRequire(__filename)(appFile).seen;
    dataFolder = mkdtempSync(join(tmpdir(), "task-hub-"));
  });

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((hub) => hub.stop()));
    rmSync(dataFolder, { recursive: true });
  });
}

export async function open(options: Partial<TaskHubOptions> = {}): Promise<TaskHub> {
  const clock = options.clock ?? skippingClock();
  const hub = await openTaskHub({ app, clock, name: "Hub", authority: () => "localhost:7071", ...options });
  opened.push(hub);
  return hub;
}

const json = { "content-type": "application/json" };

export const start = (hub: TaskHub, name: string, id: string, input: unknown = null) =>
  manage(hub, "POST", `orchestrators/${name}/${id}`, { body: JSON.stringify(input), headers: json });

export const raise = (hub: TaskHub, id: string, event: string, value: unknown) =>
  manage(hub, "POST", `instances/${id}/raiseEvent/${event}`, { body: JSON.stringify(value), headers: json });

export async function status(hub: TaskHub, id: string) {
  const query = new URLSearchParams({ showHistory: "true", showHistoryOutput: "true" });
  const reply = await manage(hub, "GET", `instances/${id}`, { query });
  return reply.status === 404 ? undefined : JSON.parse(reply.body);
}

export async function ended(hub: TaskHub, id: string) {
  for (;;) {
    const found = await status(hub, id);
    if (found.runtimeStatus !== "Running" && found.runtimeStatus !== "Pending") return found;
    await delay(1);
  }
}
