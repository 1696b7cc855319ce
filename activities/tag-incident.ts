import type { Attempt } from "../domain/attempt";
import type { IncidentRef } from "../domain/incident/incident";
import type { IncidentStore } from "../domain/incident/incident-store";
import { replaceTags, type TagRule } from "../domain/report/tags";
import type { Invocation } from "./invocation";

export interface TagIncidentInput {
  readonly incident: IncidentRef;
  /** The tags of ours that the incident should have. */
  readonly tags: readonly string[];
  readonly rule: TagRule;
  /** The tags that the run before this one has set. */
  readonly before?: readonly string[];
}

/** Sets our tags and keeps all others. `conflict`: another writer came first, nothing was written. */
export function createTagIncident(incidents: IncidentStore) {
  return async (
    { incident, tags, rule, before }: TagIncidentInput,
    { log }: Invocation,
  ): Promise<Attempt<readonly string[] | "conflict">> => {
    const changed = await incidents.changeTags(incident, (present) =>
      replaceTags(present, tags, rule, before),
    );
    log("Tagged the incident", { incidentId: incident.incidentId, tags, answer: changed.kind });
    return changed;
  };
}
