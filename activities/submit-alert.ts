import type { Attempt } from "../domain/attempt";
import type { IncidentRef } from "../domain/incident/incident";
import type { IncidentStore } from "../domain/incident/incident-store";
import { completion } from "../domain/incident/trigger-envelope";
import type { TriageService } from "../domain/report/triage";
import type { DeliveryInput, RunInput } from "../domain/run/run";
import type { Invocation } from "./invocation";
import { briefReadMs } from "./invocation";

export interface SubmitAlertInput {
  readonly incident: IncidentRef;
  readonly run: number;
  /** Its input holds the trigger body, which is not copied into another input. */
  readonly runInstanceId: string;
  /** Intezer's alert id as the incident's previous run learned it. */
  readonly previousAlertId?: string;
  /** The polling to start for the triage, and under which id. */
  readonly poll: { readonly orchestrator: string; readonly instanceId: string; readonly until: number };
  readonly dryRun: boolean;
}

/** `alertId` is absent when Intezer had the incident already and does not say under which id. */
export interface Submitted {
  readonly alertId?: string;
}

/** Submits the whole incident to Intezer, and starts polling for its triage. */
export function createSubmitAlert(triage: TriageService | undefined, incidents: IncidentStore) {
  return async (input: SubmitAlertInput, { log, hub }: Invocation): Promise<Attempt<Submitted>> => {
    if (!triage) return { kind: "refused", reason: "Intezer is not set up in this app any more" };
    const { incident, run, poll, dryRun } = input;
    const trigger = ((await hub.find(input.runInstanceId))?.input ?? {}) as Partial<RunInput>;
    if (trigger.run !== run || trigger.envelope === undefined)
      return { kind: "refused", reason: "the trigger body is not kept any more" };
    const envelope = await completed(incidents, incident, trigger.envelope);
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
    const delivery: DeliveryInput = { source: "poll", alertId, incident, run, until: poll.until, dryRun };
    try {
      await hub.start(poll.orchestrator, poll.instanceId, delivery);
    } catch {
      // Not thrown: submitted again, the incident has no id that can be learned.
      log("The triage can come by webhook only", { incidentId: incident.incidentId, run, alertId });
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
