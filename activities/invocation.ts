import type { TaskHub } from "../domain/task-hub";

/** What the host gives to one call of an activity. */
export interface Invocation {
  /** A fixed sentence, then fields: ids and figures, never a secret, a payload or a live URL. */
  log(sentence: string, fields: Readonly<Record<string, unknown>>): void;
  /** The app's orchestrations; only for the activities named in `activitiesWithHub`. */
  readonly hub: TaskHub;
}
