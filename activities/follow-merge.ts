import { type Attempt, done } from "../domain/attempt";
import type { FollowedMerge, IncidentRef, Merge } from "../domain/incident/incident";
import type { IncidentStore } from "../domain/incident/incident-store";
import { defined } from "../domain/json";
import { briefReadMs, type Invocation } from "./invocation";

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
