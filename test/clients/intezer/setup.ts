import { readFileSync } from "node:fs";
import path from "node:path";
import { onTestFinished } from "vitest";
import { createIntezerClient } from "../../../clients/intezer/client";
import type { Attempt, Secret } from "../../../domain/attempt";
import type { Answer, Outcome } from "../../../domain/lookups/provider";
import { skippingClock } from "../../../local/clock";
import { type IntezerSimulatorOptions, startIntezerSimulator } from "../../../local/simulators/intezer";

export const apiKey = "7e57ab1e-0000-4000-8000-000000000001";
export const nextApiKey = "7e57ab1e-0000-4000-8000-000000000002";

/** Body of a captured answer, by the name of its file. */
export function bodyOf(name: string): { readonly result?: unknown; readonly status?: string } {
  const file = path.join(__dirname, "../../fixtures/intezer", `${name}.json`);
  return JSON.parse(readFileSync(file, "utf8"));
}

/** Without the card, which has tests of its own. */
export function answerOf(outcome: Outcome | undefined): Answer {
  if (outcome?.kind === "answered") {
    const { card: _, ...answer } = outcome.answer;
    return answer;
  }
  throw new Error(`No answer, but ${JSON.stringify(outcome)}`);
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

/** A simulator on a clock that skips idle time, and a client with it. */
export async function startIntezer(options: Partial<IntezerSimulatorOptions> = {}) {
  const clock = skippingClock();
  const simulator = await startIntezerSimulator({ clock, apiKey, ...options });
  onTestFinished(() => simulator.close());
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
