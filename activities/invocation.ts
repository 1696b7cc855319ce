import { type Attempt, done } from "../domain/attempt";
import type { FollowedMerge, IncidentRef, Merge } from "../domain/incident/incident";
import type { IncidentStore } from "../domain/incident/incident-store";
import { defined } from "../domain/json";
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

/** Finds the remaining incident. If the store refuses the search, there is none, and the run writes to the merged one. */
export async function followMerge(
  incidents: IncidentStore,
  ref: IncidentRef,
  merge: Merge,
  { log }: Pick<Invocation, "log">,
): Promise<Attempt<FollowedMerge>> {
  const found = await incidents.findSurvivor(ref, merge, briefReadMs);
  const survivor = found.kind === "done" ? found.value : undefined;
  log("Followed the merge of an incident", {
    incidentId: ref.incidentId,
    into: merge.into,
    answer: found.kind,
    survivor: survivor?.ref.incidentId,
  });
  return found.kind === "again" ? found : done({ ...merge, ...defined({ survivor }) });
}
