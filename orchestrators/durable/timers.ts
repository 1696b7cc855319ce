import { createHash } from "node:crypto";
import type { OrchestrationContext, TimerTask } from "durable-functions";
import type { Attempt } from "../../domain/attempt";
import { backoff, longestOwnWait, persistWaits } from "../waits";
import type { Step } from "./call";

/** Epoch milliseconds; the same value at the same place in every replay. */
export function now(context: OrchestrationContext): number {
  return context.df.currentUtcDateTime.getTime();
}

/**
 * Timers fire up to a second early, and those below one second at once (delays are cut to whole seconds). Timers of more
 * than a second keep the repeated check of the clock from becoming a busy loop.
 */
export const shortestTimerMs = 1_500;

/** To be cancelled when something else ends first. */
export function timerUntil(context: OrchestrationContext, instant: number): TimerTask {
  return context.df.createTimer(new Date(Math.max(instant, now(context) + shortestTimerMs)));
}

/** Waits until the instant. */
export function* sleepUntil(context: OrchestrationContext, instant: number): Step<void> {
  while (now(context) < instant) yield timerUntil(context, instant);
}

export function* sleepSeconds(context: OrchestrationContext, seconds: number): Step<void> {
  yield* sleepUntil(context, now(context) + seconds * 1000);
}

export type Persisted<T> = Exclude<Attempt<T>, { kind: "again" }>;

interface PersistOptions<T> {
  /** When to give up, epoch milliseconds; default two hours from now. */
  readonly until?: number;
  /** Seconds; default as in the table of waits. */
  readonly waits?: { readonly first: number; readonly longest: number };
  /** The result of a first try that was already made. */
  readonly first?: Attempt<T> | undefined;
}

/**
 * Repeats a step that returns `again`, on durable timers: after the wait that the service asks for, at most 5 minutes, or
 * else from 10 s doubling to 5 minutes. After the first retry the wait is at least 10 s, doubling to 60 s, even if the
 * service asks for less; plus up to 10 % jitter, since many runs are throttled at the same moment. After `until` the step
 * counts as refused, with the last reason.
 */
export function* persist<T>(
  context: OrchestrationContext,
  attempt: () => Step<Attempt<T>>,
  {
    until = now(context) + persistWaits.for * 1000,
    waits: { first: firstWait, longest } = persistWaits,
    first,
  }: PersistOptions<T> = {},
): Step<Persisted<T>> {
  const waits = backoff({ first: firstWait, longest });
  for (let tries = 0; ; tries++) {
    const wait = waits.next().value;
    const result = tries === 0 && first ? first : yield* attempt();
    if (result.kind !== "again") return result;
    const least = tries === 0 ? 0 : Math.min(wait, longestOwnWait);
    const asked = result.afterSeconds === undefined ? wait : Math.max(result.afterSeconds, least);
    const pause = Math.min(asked, longest) * jitter(context.df.instanceId, tries);
    if (now(context) + pause * 1000 > until)
      return { kind: "refused", reason: `${result.reason} (given up)` };
    yield* sleepSeconds(context, pause);
  }
}

/** A factor from 1 to 1.1 that differs between runs and tries, but is the same in every replay. */
function jitter(instanceId: string, tries: number): number {
  const digest = createHash("sha256").update(`${instanceId}/${tries}`).digest();
  return 1 + digest.readUInt32BE() / 2 ** 32 / 10;
}
