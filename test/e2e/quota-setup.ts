import { postIncident } from "../../commands/run-client";
import type { IncidentSeed } from "../../local/simulators/sentinel-incidents";
import type { Enricher } from "../support/enricher";

/** Raises all incidents at once and waits for the end of their runs. */
export async function enrichAll(app: Enricher, seeds: readonly IncidentSeed[]) {
  const { sentinel } = app.services;
  const armIds = seeds.map((seed) => sentinel.addIncident(seed));
  await Promise.all(armIds.map((armId) => postIncident(app.origin, sentinel.triggerBody(armId))));
  // One look at all of them instead of one at each.
  await app.settled();
  return Promise.all(armIds.map((armId) => app.ended(armId)));
}

/** Lookups at VirusTotal, without the reading of the quota itself. */
export const lookupsAt = ({ services }: Enricher) =>
  services.virustotal.requests.filter(({ path }) => !path.includes("/users/"));
