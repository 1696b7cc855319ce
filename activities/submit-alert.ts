import { z } from "zod";
import { type Attempt, again, done, refused } from "../domain/attempt";
import { type Entity, entityKey } from "../domain/incident/entity";
import type { IncidentRef } from "../domain/incident/incident";
import type { IncidentStore } from "../domain/incident/incident-store";
import { defined, jsonFrom } from "../domain/json";
import type { TriageService } from "../domain/report/triage";
import type { DeliveryInput, RunInput } from "../domain/run/run";
import type { TaskHub } from "../domain/run/task-hub";
import { briefReadMs, type Invocation } from "./invocation";

export interface SubmitAlertInput {
  readonly incident: IncidentRef;
  readonly run: number;
  /** The instance whose input has the trigger body, so that the body is not copied into another input. */
  readonly runInstanceId: string;
  /** Intezer's alert id from the incident's previous run. */
  readonly previousAlertId?: string;
  /** The orchestration that polls for the triage, and its instance id. */
  readonly poll: { readonly orchestrator: string; readonly instanceId: string; readonly until: number };
  readonly dryRun: boolean;
  /** Passed on to the delivery of the triage. */
  readonly sendsResults?: true;
}

/** `alertId` is absent if Intezer already had the incident and does not say under which id. */
export interface Submitted {
  readonly alertId?: string;
}

/** Submits the whole incident to Intezer, and starts polling for its triage. Never throws, since that would fail the run. */
export function createSubmitAlert(triage: TriageService | undefined, incidents: IncidentStore) {
  return async (input: SubmitAlertInput, invocation: Invocation): Promise<Attempt<Submitted>> => {
    if (!triage) return refused("Intezer is no longer set up in this app");
    try {
      const trigger = await triggerOf(input, invocation);
      return trigger.kind === "done"
        ? await submitAlert(triage, incidents, { ...input, envelope: trigger.value }, invocation)
        : trigger;
    } catch (error) {
      // Answers of services are returned as data, so the body caused this, and another try would not help.
      const { incident, run } = input;
      const name = error instanceof Error ? error.name : "unknown";
      invocation.log("Could not submit the incident", { incidentId: incident.incidentId, run, error: name });
      return refused(
        name === "RangeError"
          ? "The incident could not be submitted to Intezer: its body is nested too deeply"
          : "The incident could not be submitted to Intezer: an internal error, see the app's log",
      );
    }
  };
}

/** The trigger body from the run's input. */
async function triggerOf(
  { run, runInstanceId }: SubmitAlertInput,
  { hub }: Invocation,
): Promise<Attempt<string>> {
  try {
    const kept = ((await hub.find(runInstanceId))?.input ?? {}) as Partial<RunInput>;
    return kept.run === run && kept.envelope !== undefined
      ? done(kept.envelope)
      : refused("the trigger body is not kept any more");
  } catch {
    return again("The app's task hub did not answer.");
  }
}

async function submitAlert(
  triage: TriageService,
  incidents: IncidentStore,
  input: SubmitAlertInput & { readonly envelope: string },
  { log, hub }: Invocation,
): Promise<Attempt<Submitted>> {
  const { incident, run, poll, dryRun, sendsResults } = input;
  const envelope = await completed(incidents, incident, input.envelope);
  if (envelope.kind !== "done") return envelope;
  const attempt = await triage.submit(envelope.value);
  if (attempt.kind !== "done") return attempt;
  const alertId =
    attempt.value.kind === "submitted"
      ? attempt.value.alertId
      : (input.previousAlertId ?? (await alertIdOfPolling(poll.instanceId, hub)));
  log("Submitted the incident to Intezer", {
    incidentId: incident.incidentId,
    run,
    answer: attempt.value.kind,
    alertId,
  });
  if (alertId === undefined) return done({});
  const delivery: DeliveryInput = {
    source: "poll",
    alertId,
    incident,
    run,
    until: poll.until,
    dryRun,
    ...defined({ sendsResults }),
  };
  try {
    await hub.start(poll.orchestrator, poll.instanceId, delivery);
  } catch {
    // Not thrown: if the incident were submitted again, Intezer would not return its id.
    log("Could not start polling: the triage can arrive only by webhook", {
      incidentId: incident.incidentId,
      run,
      alertId,
    });
  }
  return done({ alertId });
}

/** The alert id from an earlier try whose host died after it had started the polling. */
async function alertIdOfPolling(instanceId: string, hub: TaskHub): Promise<string | undefined> {
  try {
    return ((await hub.find(instanceId))?.input as Partial<DeliveryInput> | undefined)?.alertId;
  } catch {
    return undefined;
  }
}

/** Intezer triages what the body lists, so a body without entities gets the current ones. */
async function completed(
  incidents: IncidentStore,
  ref: IncidentRef,
  envelope: string,
): Promise<Attempt<string>> {
  const complete = completion(envelope);
  if (!complete) return done(envelope);
  const entities = await incidents.readEntities(ref, briefReadMs);
  return entities.kind === "done" ? done(complete(entities.value)) : entities;
}

/** The parts of an automation rule's body that the app reads; everything else passes through unchanged. */
const envelopeSchema = z.looseObject({
  object: z.looseObject({
    properties: z
      .looseObject({ relatedEntities: z.array(z.unknown()).catch([]) })
      .catch({ relatedEntities: [] }),
  }),
});

/**
 * Completes a trigger body (JSON text) that lists no entities, since an incident is often sent before it has any. The
 * entities get the form in which the trigger lists them. `undefined` if there is nothing to complete.
 */
export function completion(envelope: string): ((entities: readonly Entity[]) => string) | undefined {
  const { data: body } = envelopeSchema.safeParse(jsonFrom(envelope));
  if (!body || body.object.properties.relatedEntities.length > 0) return undefined;
  return (entities) => {
    const relatedEntities = entities.map(({ id, kind, properties }) => ({
      id,
      name: entityKey(id),
      type: "Microsoft.SecurityInsights/Entities",
      kind,
      properties,
    }));
    const { object } = body;
    return JSON.stringify({
      ...body,
      object: { ...object, properties: { ...object.properties, relatedEntities } },
    });
  };
}
