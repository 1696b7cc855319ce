import { createHash } from "node:crypto";
import type { RunReport } from "../domain/report/report";

export const orchestratorNames = {
  enrichIncident: "enrichIncident",
  consultProvider: "consultProvider",
  submitIncident: "submitIncident",
  deliverTriage: "deliverTriage",
  enrichAgain: "enrichAgain",
  sendResults: "sendResults",
} as const;

/** The event raised at a waiting run. An event with different capitalisation would be accepted but never delivered. */
export const triagedEvent = "IntezerAlertTriaged";

/** The run of an incident: only one at a time, whatever starts it. `incidentId` is the GUID in lower case. */
export const runInstanceId = (incidentId: string) => `sentinel-${incidentId}`;

/** Waits for the incident's run to end, then starts the next one. */
export const againInstanceId = (incidentId: string) => `${runInstanceId(incidentId)}-again`;

/** The same, with the trigger body that the incident's run did not have. */
export const againWithBodyInstanceId = (incidentId: string) => `${againInstanceId(incidentId)}-body`;

/** Looks for late entities, some time after a run's comment. */
export const lateInstanceId = (incidentId: string) => `${runInstanceId(incidentId)}-late`;

/** Enriches an incident some time after another one was merged into it. */
export const mergedInstanceId = (incidentId: string) => `${runInstanceId(incidentId)}-merged`;

/** Children of a run. They outlive a terminated parent, so their ids carry the run. */
export const consultInstanceId = (incidentId: string, run: number, providerId: string, phase: 1 | 2) =>
  `sentinel-${incidentId}-${run}-${providerId}${phase === 2 ? "-2" : ""}`;

export const submitInstanceId = (incidentId: string, run: number) =>
  `${runInstanceId(incidentId)}-${run}-submit`;

/** Sends the rows of one part of a run. */
export const resultsInstanceId = (incidentId: string, run: number, part: RunReport["part"]) =>
  `${runInstanceId(incidentId)}-${run}-results${part === "update" ? "-2" : ""}`;

/** Sends the row of an addendum. */
export const addendumResultsInstanceId = (incidentId: string, deliveryId: string) =>
  `${runInstanceId(incidentId)}-${deliveryId}-results`;

/** A run's own polling for the triage of the alert it submitted. */
export const pollInstanceId = (incidentId: string, run: number) => `${pollInstancePrefix(incidentId)}${run}`;
export const pollInstancePrefix = (incidentId: string) => `triage-${incidentId}-`;

/** A delivery by webhook: the same alert and body are the same delivery. */
export const deliveryInstanceId = (alertId: string, body: string) =>
  `triage-${createHash("sha256")
    .update(JSON.stringify([alertId, body]))
    .digest("hex")
    .slice(0, 32)}`;
