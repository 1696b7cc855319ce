import { readFileSync } from "node:fs";
import path from "node:path";
import { afterEach } from "vitest";
import { createIntezerClient } from "../../../clients/intezer/client";
import type { Attempt, Secret } from "../../../domain/attempt";
import { skippingClock } from "../../../local/clock";
import {
  type IntezerSimulator,
  type IntezerSimulatorOptions,
  startIntezerSimulator,
} from "../../../local/simulators/intezer";

export const apiKey = "7e57ab1e-0000-4000-8000-000000000001";
export const nextApiKey = "7e57ab1e-0000-4000-8000-000000000002";

/** Body of a captured answer, by the name of its file. */
export function bodyOf(name: string): { readonly result?: unknown; readonly status?: string } {
  const file = path.join(__dirname, "../../fixtures/intezer", `${name}.json`);
  return JSON.parse(readFileSync(file, "utf8"));
}

/** What a vault would hold, and what the app keeps of it until it reads again. */
export function createKey(value: string | undefined = apiKey) {
  let held: Attempt<string | undefined> = { kind: "done", value };
  let kept: Attempt<string | undefined> = held;
  let rereads = 0;
  const secret: Secret = {
    setting: "INTEZER_API_KEY",
    async read(options) {
      if (options?.refresh) {
        rereads++;
        kept = held;
      }
      return kept;
    },
  };
  return {
    secret,
    rereads: () => rereads,
    /** The vault gets another key, of which the app knows nothing yet. */
    rotate(next: string): void {
      held = { kind: "done", value: next };
    },
    answers(attempt: Attempt<string | undefined>): void {
      held = attempt;
      kept = attempt;
    },
  };
}

const running: IntezerSimulator[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
});

/** A simulator on a clock that skips idle time, and a client with it. */
export async function startIntezer(options: Partial<IntezerSimulatorOptions> = {}) {
  const clock = skippingClock();
  const simulator = await startIntezerSimulator({ clock, apiKey, ...options });
  running.push(simulator);
  const key = createKey();
  const client = createIntezerClient({
    endpoint: simulator.endpoint,
    key: key.secret,
    userAgent: "sentinel-incident-enricher/test",
    now: clock.now,
  });
  const pass = (seconds: number) =>
    new Promise<void>((ring) => clock.alarm(clock.now() + seconds * 1000, ring));
  /** Method and path of the calls so far, below the endpoint. */
  const calls = () =>
    simulator.requests.map(({ method, path }) => `${method} ${path.replace("/api/v2-0", "")}`);
  return { clock, simulator, key, client, pass, calls };
}
