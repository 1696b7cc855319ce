import type { Attempt } from "../domain/attempt";
import type { IncidentRef } from "../domain/incident/incident";
import type { IncidentStore } from "../domain/incident/incident-store";
import { completion } from "../domain/incident/trigger-envelope";
import type { TriageService } from "../domain/report/triage";
import type { DeliveryInput } from "../domain/run/run";
import type { Invocation } from "./invocation";
import { briefReadMs } from "./invocation";

export interface SubmitAlertInput {
  readonly incident: IncidentRef;
  readonly run: number;
  /** The trigger body as JSON text. */
  readonly envelope: string;
  /** Intezer's alert id as the incident's previous run learned it. */
  readonly previousAlertId?: string;
  /** The look to start for the triage, and under which id. */
  readonly look: { readonly orchestrator: string; readonly instanceId: string; readonly until: number };
  readonly dryRun: boolean;
}

/** `alertId` is absent when Intezer had the incident already and nobody knows under which id. */
export interface Submitted {
  readonly alertId?: string;
}

/** Submits the whole incident to Intezer, and starts looking for its triage. */
export function createSubmitAlert(triage: TriageService | undefined, incidents: IncidentStore) {
  return async (input: SubmitAlertInput, { log, hub }: Invocation): Promise<Attempt<Submitted>> => {
    if (!triage) return { kind: "refused", reason: "Intezer is not set up in this app any more" };
    const { incident, run, look, dryRun } = input;
    const envelope = await completed(incidents, incident, input.envelope);
    if (envelope.kind !== "done") return envelope;
    const attempt = await triage.submit(envelope.value);
    if (attempt.kind !== "done") return attempt;
    const alertId = attempt.value.kind === "submitted" ? attempt.value.alertId : input.previousAlertId;
    log("Submitted the incident to Intezer", {
      incidentId: incident.incidentId,
      run,
      answer: attempt.value.kind,
      alertId,
    });
    if (alertId === undefined) return { kind: "done", value: {} };
    const delivery: DeliveryInput = { source: "look", alertId, incident, run, until: look.until, dryRun };
    try {
      await hub.start(look.orchestrator, look.instanceId, delivery);
    } catch {
      // Not thrown: submitted again the incident has no id that anybody learns.
      log("Nobody looks for the triage but by webhook", { incidentId: incident.incidentId, run, alertId });
    }
    return { kind: "done", value: { alertId } };
  };
}

/** Intezer triages what the body lists, so a body that came too early gets the entities of now. */
async function completed(
  incidents: IncidentStore,
  ref: IncidentRef,
  envelope: string,
): Promise<Attempt<string>> {
  const complete = completion(envelope);
  if (!complete) return { kind: "done", value: envelope };
  const entities = await incidents.readEntities(ref, briefReadMs);
  return entities.kind === "done" ? { kind: "done", value: complete(entities.value) } : entities;
}
