import { type Attempt, again, done, refused } from "../domain/attempt";
import type { IncidentRef } from "../domain/incident/incident";
import type { IncidentStore } from "../domain/incident/incident-store";
import { completion } from "../domain/incident/trigger-envelope";
import { defined } from "../domain/json";
import type { TriageService } from "../domain/report/triage";
import type { DeliveryInput, RunInput } from "../domain/run/run";
import type { TaskHub } from "../domain/run/task-hub";
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
  /** For the delivery of the triage. */
  readonly sendsResults?: true;
}

/** `alertId` is absent when Intezer had the incident already and does not say under which id. */
export interface Submitted {
  readonly alertId?: string;
}

/** Submits the whole incident to Intezer, and starts polling for its triage. Never throws: that would cost the run. */
export function createSubmitAlert(triage: TriageService | undefined, incidents: IncidentStore) {
  return async (input: SubmitAlertInput, invocation: Invocation): Promise<Attempt<Submitted>> => {
    if (!triage) return refused("Intezer is no longer set up in this app");
    try {
      const trigger = await triggerOf(input, invocation);
      return trigger.kind === "done"
        ? await submitAlert(triage, incidents, { ...input, envelope: trigger.value }, invocation)
        : trigger;
    } catch (error) {
      // What services answer is data, so this is about the body, and another try would not change it.
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

/** The trigger body, as the run keeps it. */
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
    // Not thrown: submitted again, the incident has no id that can be learned.
    log("Could not start polling: the triage can arrive only by webhook", {
      incidentId: incident.incidentId,
      run,
      alertId,
    });
  }
  return done({ alertId });
}

/** By an earlier try whose result was lost: its host died after it had started the polling. */
async function alertIdOfPolling(instanceId: string, hub: TaskHub): Promise<string | undefined> {
  try {
    return ((await hub.find(instanceId))?.input as Partial<DeliveryInput> | undefined)?.alertId;
  } catch {
    return undefined;
  }
}

/** Intezer triages what the body lists, so a body that came too early gets the entities of now. */
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
