import type { Attempt } from "../domain/attempt";
import { hasMail } from "../domain/incident/entity";
import type { Incident, IncidentRef } from "../domain/incident/incident";
import type { IncidentStore } from "../domain/incident/incident-store";
import { indicatorsFrom } from "../domain/indicators/from-entities";
import type { Indicator, LeftOut } from "../domain/indicators/indicator";
import type { Screening } from "../domain/indicators/screening";
import type { Invocation } from "./invocation";

export interface FetchedIncident {
  readonly incident: Incident;
  readonly indicators: readonly Indicator[];
  readonly leftOut: readonly LeftOut[];
  /** Entities of any kind; none at all may mean that they are late. */
  readonly entities: number;
  readonly hasMail: boolean;
}

/** Reads the incident and its entities afresh: the trigger's body is only a hint, and often early. */
export function createFetchIncident(incidents: IncidentStore, screening: Screening) {
  return async (input: { incident: IncidentRef }, { log }: Invocation): Promise<Attempt<FetchedIncident>> => {
    const [incident, entities] = await Promise.all([
      incidents.readIncident(input.incident),
      incidents.readEntities(input.incident),
    ]);
    if (incident.kind !== "done") return incident;
    if (entities.kind !== "done") return entities;
    const { indicators, leftOut } = indicatorsFrom(entities.value, screening);
    log("Read the incident", {
      incidentId: input.incident.incidentId,
      entities: entities.value.length,
      indicators: indicators.length,
      leftOut: leftOut.length,
    });
    return {
      kind: "done",
      value: {
        incident: incident.value,
        indicators,
        leftOut,
        entities: entities.value.length,
        hasMail: hasMail(entities.value),
      },
    };
  };
}
