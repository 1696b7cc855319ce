import { createHash } from "node:crypto";

export const orchestratorNames = {
  enrichIncident: "enrichIncident",
  consultProvider: "consultProvider",
  deliverTriage: "deliverTriage",
  enrichAgain: "enrichAgain",
} as const;

/** Raised at a waiting run; spelled the same on both sides, since another case is accepted and never delivered. */
export const triagedEvent = "IntezerAlertTriaged";

/** The run of an incident: one at a time, whoever starts it. `incidentId` is the GUID in lower case. */
export const runInstanceId = (incidentId: string) => `sentinel-${incidentId}`;

/** Waits for the end of the incident's run, to start the next one. */
export const againInstanceId = (incidentId: string) => `${runInstanceId(incidentId)}-again`;

/** A child of a run. It outlives a terminated parent, so its id carries the run. */
export const shareInstanceId = (incidentId: string, run: number, providerId: string, phase: 1 | 2) =>
  `sentinel-${incidentId}-${run}-${providerId}${phase === 2 ? "-2" : ""}`;

/** A run's own look at the alert it submitted. */
export const lookInstanceId = (incidentId: string, run: number) => `${lookInstancePrefix(incidentId)}${run}`;
export const lookInstancePrefix = (incidentId: string) => `triage-${incidentId}-`;

/** A delivery by webhook: the same alert and body is the same delivery. */
export const deliveryInstanceId = (alertId: string, body: string) =>
  `triage-${createHash("sha256")
    .update(JSON.stringify([alertId, body]))
    .digest("hex")
    .slice(0, 32)}`;
