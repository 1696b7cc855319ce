import type { IncidentRef } from "../../domain/incident/incident";
import type { IncidentStore } from "../../domain/incident/incident-store";

/**
 * Throws for an incident that was merged: its run would only start that of the other one, which this command does not
 * wait for. One that cannot be read is left to the run, which says why.
 */
export async function assertNotMerged(incidents: IncidentStore, ref: IncidentRef): Promise<void> {
  const read = await incidents.readIncident(ref);
  if (read.kind !== "done" || !read.value.merge) return;
  const found = await incidents.findSurvivor(ref, read.value.merge);
  if (found.kind !== "done" || !found.value) return;
  const { scope, incidentId } = found.value.ref;
  throw new Error(
    `Incident ${read.value.number} was merged into incident ${found.value.number}. Enrich that one: ${scope}/providers/Microsoft.SecurityInsights/incidents/${incidentId}`,
  );
}
