import { type Attempt, done } from "../domain/attempt";
import type { AlertIndex } from "../domain/incident/alert-index";
import type { IncidentRef } from "../domain/incident/incident";
import type { Invocation } from "./invocation";

/** Finds the incident that contains a Defender alert; none while Microsoft Sentinel has not linked them. */
export function createFindIncident(alerts: AlertIndex) {
  return async (
    { vendorAlertId }: { vendorAlertId: string },
    { log }: Invocation,
  ): Promise<Attempt<{ readonly incident?: IncidentRef }>> => {
    const found = await alerts.findIncident(vendorAlertId);
    const incident = found.kind === "done" ? found.value : undefined;
    log("Looked for the incident of a Defender alert", {
      vendorAlertId,
      answer: found.kind,
      incidentId: incident?.incidentId,
    });
    return found.kind === "done" ? done(incident ? { incident } : {}) : found;
  };
}
