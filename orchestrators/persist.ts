import type { OrchestrationContext } from "durable-functions";
import type { Attempt } from "../domain/attempt";
import type { Step } from "./call";
import { now, sleepSeconds } from "./clock";

const patienceMs = 2 * 60 * 60 * 1000;
const firstWaitSeconds = 10;
const longestWaitSeconds = 300;

export type Persisted<T> = Exclude<Attempt<T>, { kind: "again" }>;

/**
 * Repeats a step that says "not now" on durable timers: as the service asks, at most 5 minutes apart, else from 10 s
 * doubling to 5 minutes. After two hours (or at `until`) it is given up as refused, with the last reason.
 */
export function* persist<T>(
  context: OrchestrationContext,
  attempt: () => Step<Attempt<T>>,
  until = now(context) + patienceMs,
): Step<Persisted<T>> {
  for (let wait = firstWaitSeconds; ; wait = Math.min(wait * 2, longestWaitSeconds)) {
    const result = yield* attempt();
    if (result.kind !== "again") return result;
    const pause = Math.min(result.afterSeconds ?? wait, longestWaitSeconds);
    if (now(context) + pause * 1000 > until)
      return { kind: "refused", reason: `${result.reason} (given up)` };
    yield* sleepSeconds(context, pause);
  }
}
