import { join } from "node:path";
import { vi } from "vitest";
import type { Activities } from "../../activities/index";
import { type Clock, skippingClock } from "../../local/clock";
import { openTaskHub } from "../../local/durable/task-hub";
import { loadApp } from "../../local/host/core-module";

type Fakes = { readonly [Name in keyof Activities]?: (input: Parameters<Activities[Name]>[0]) => unknown };

interface Ended {
  readonly runtimeStatus: string;
  readonly output: unknown;
  readonly customStatus: unknown;
}

/** Runs one of the app's orchestrators on the engine, with fake activities, on a clock that skips all waits. */
export async function runOrchestrator(
  name:
    | "consultProvider"
    | "deliverTriage"
    | "enrichAgain"
    | "enrichIncident"
    | "sendResults"
    | "submitIncident",
  input: object | ((startedAt: number) => object),
  activities: Fakes,
  clock: Clock = skippingClock(),
): Promise<Ended> {
  Object.assign(globalThis, { activitiesUnderTest: activities });
  const app = loadApp(join(__dirname, "orchestrators-app.cjs"), () => {});
  const hub = await openTaskHub({ app, clock, name: "TestHub", authority: () => "127.0.0.1:1" });
  const manage = (method: string, path: string, body = "") =>
    hub.manage({
      method,
      path,
      query: new URLSearchParams(),
      headers: { "content-type": "application/json" },
      body,
    });
  try {
    const started = typeof input === "function" ? input(clock.now()) : input;
    await manage("POST", `orchestrators/${name}/under-test`, JSON.stringify(started));
    return await vi.waitUntil(
      async () => {
        const reply = await manage("GET", "instances/under-test");
        return reply.status === 200 ? (JSON.parse(reply.body) as Ended) : undefined;
      },
      { interval: 1, timeout: 60_000 },
    );
  } finally {
    await hub.stop();
  }
}
