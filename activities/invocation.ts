import type { TaskHub } from "../domain/run/task-hub";

/** What the host provides to one call of an activity. */
export interface Invocation {
  /** Logs a fixed sentence with fields: ids and figures, never a secret, a payload or a live URL. */
  log(sentence: string, fields: Readonly<Record<string, unknown>>): void;
  /** The task hub with the app's orchestrations. */
  readonly hub: TaskHub;
}

/**
 * Milliseconds for a read of Sentinel in an activity that also makes another call of up to 20 s. The host repeats an
 * activity that has not ended within a minute, so none should take more than 30 s.
 */
export const briefReadMs = 6_000;
