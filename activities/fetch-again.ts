import type { Attempt } from "../domain/attempt";
import { hasMail } from "../domain/incident/entity";
import type { IncidentRef } from "../domain/incident/incident";
import type { IncidentStore } from "../domain/incident/incident-store";
import { indicatorsFrom } from "../domain/indicators/from-entities";
import type { Indicator, LeftOut } from "../domain/indicators/indicator";
import type { Screening } from "../domain/indicators/screening";
import { briefReadMs } from "./invocation";

export interface FetchAgainInput {
  readonly incident: IncidentRef;
  /** Of the incident when its entities were read. */
  readonly etag?: string;
  /** Sentinel is throttling: entities are read only when the incident has changed since. */
  readonly sparingly: boolean;
}

export interface FetchedAgain {
  readonly indicators: readonly Indicator[];
  readonly leftOut: readonly LeftOut[];
  readonly hasMail: boolean;
}

/**
 * Reads the entities once more. Reads of entities are few (100 per subscription and 5 minutes), those of incidents are
 * not: while there are none to spare, an incident that has not changed has no other entities either.
 */
export function createFetchAgain(incidents: IncidentStore, screening: Screening) {
  return async ({
    incident: ref,
    etag,
    sparingly,
  }: FetchAgainInput): Promise<Attempt<FetchedAgain | "unchanged">> => {
    const isUnchanged = async () => {
      const incident = await incidents.readIncident(ref, briefReadMs);
      return incident.kind === "done" && etag !== undefined && incident.value.etag === etag;
    };
    if (sparingly && (await isUnchanged())) return { kind: "done", value: "unchanged" };
    const entities = await incidents.readEntities(ref);
    if (entities.kind === "again" && !sparingly && (await isUnchanged()))
      return { kind: "done", value: "unchanged" };
    if (entities.kind !== "done") return entities;
    const { indicators, leftOut } = indicatorsFrom(entities.value, screening);
    return { kind: "done", value: { indicators, leftOut, hasMail: hasMail(entities.value) } };
  };
}
