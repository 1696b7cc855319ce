import { type Attempt, done } from "../domain/attempt";
import type { FollowedMerge, IncidentRef } from "../domain/incident/incident";
import type { IncidentStore } from "../domain/incident/incident-store";
import { replaceTags, type TagRule } from "../domain/report/tags";
import { followMerge, type Invocation } from "./invocation";

export interface TagIncidentInput {
  readonly incident: IncidentRef;
  /** The app's own tags that the incident should have. */
  readonly tags: readonly string[];
  readonly rule: TagRule;
  /** The tags that a run may replace by milder ones. */
  readonly before?: readonly string[];
  /** Write even if the incident was merged, because the remaining incident is unknown. */
  readonly evenMerged?: boolean;
}

/** Nothing was written: the incident was merged. */
export interface MergeMet {
  readonly merge: FollowedMerge;
}

/** Sets the app's own tags and keeps all others. `conflict`: another writer came first, and nothing was written. */
export function createTagIncident(incidents: IncidentStore) {
  return async (
    { incident, tags, rule, before, evenMerged = false }: TagIncidentInput,
    invocation: Invocation,
  ): Promise<Attempt<readonly string[] | "conflict" | MergeMet>> => {
    const changed = await incidents.changeTags(
      incident,
      (present) => replaceTags(present, tags, rule, before),
      { evenMerged },
    );
    invocation.log("Tagged the incident", { incidentId: incident.incidentId, tags, answer: changed.kind });
    if (changed.kind !== "done") return changed;
    const { value } = changed;
    if (typeof value === "string" || !("merge" in value)) return done(value);
    const followed = await followMerge(incidents, incident, value.merge, invocation);
    return followed.kind === "done" ? done({ merge: followed.value }) : followed;
  };
}
