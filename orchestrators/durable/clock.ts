import type { OrchestrationContext } from "durable-functions";
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

/** Waits until the instant. */
export function* sleepUntil(context: OrchestrationContext, instant: number): Step<void> {
  while (now(context) < instant) {
    yield context.df.createTimer(new Date(Math.max(instant, now(context) + shortestTimerMs)));
  }
}

export function* sleepSeconds(context: OrchestrationContext, seconds: number): Step<void> {
  yield* sleepUntil(context, now(context) + seconds * 1000);
}
