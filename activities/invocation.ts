import type { TaskHub } from "../domain/run/task-hub";

/** What the host gives to one call of an activity. */
export interface Invocation {
  /** A fixed sentence, then fields: ids and figures, never a secret, a payload or a live URL. */
  log(sentence: string, fields: Readonly<Record<string, unknown>>): void;
  /** The app's orchestrations. */
  readonly hub: TaskHub;
}

/**
 * Milliseconds for a read of Sentinel in an activity that makes another call, of up to 20 s: the host runs an activity
 * again that has not ended within a minute, so that none is to take more than 30 s.
 */
export const briefReadMs = 6_000;
