import { createHash } from "node:crypto";
import type { OrchestrationContext } from "durable-functions";
import type { Attempt } from "../../domain/attempt";
import type { Step } from "./call";
import { now, sleepSeconds } from "./clock";

const patienceMs = 2 * 60 * 60 * 1000;
const firstWaitSeconds = 10;
const longestWaitSeconds = 300;
/** A service that throttles many callers asks each to come back as soon as one of them fits in. */
const longestOwnWaitSeconds = 60;

export type Persisted<T> = Exclude<Attempt<T>, { kind: "again" }>;

/**
 * Repeats a step that says "not now" on durable timers: as the service asks, at most 5 minutes apart, else from 10 s
 * doubling to 5 minutes. Who is put off again waits at least 10 s doubling to a minute, whatever is asked, and
 * everybody a little longer by another measure, since many runs are put off at once. After two hours (or at `until`)
 * it is given up as refused, with the last reason. `first` is a try that was made beside others.
 */
export function* persist<T>(
  context: OrchestrationContext,
  attempt: () => Step<Attempt<T>>,
  until = now(context) + patienceMs,
  first?: Attempt<T>,
): Step<Persisted<T>> {
  let wait = firstWaitSeconds;
  for (let tries = 0; ; tries++) {
    const result = tries === 0 && first ? first : yield* attempt();
    if (result.kind !== "again") return result;
    const least = tries === 0 ? 0 : Math.min(wait, longestOwnWaitSeconds);
    const asked = result.afterSeconds === undefined ? wait : Math.max(result.afterSeconds, least);
    const pause = Math.min(asked, longestWaitSeconds) * spread(context.df.instanceId, tries);
    if (now(context) + pause * 1000 > until)
      return { kind: "refused", reason: `${result.reason} (given up)` };
    yield* sleepSeconds(context, pause);
    wait = Math.min(wait * 2, longestWaitSeconds);
  }
}

/** From 1 to 1.1, another one for every run and try, and the same in every replay. */
function spread(instanceId: string, tries: number): number {
  const digest = createHash("sha256").update(`${instanceId}/${tries}`).digest();
  return 1 + digest.readUInt32BE() / 2 ** 32 / 10;
}
