import { type Attempt, done, refused } from "../domain/attempt";
import type { IncidentRef } from "../domain/incident/incident";
import type { AlertIndex } from "../domain/incident/incident-store";
import { defined } from "../domain/json";
import type { AlertReading, Triage, TriageService } from "../domain/report/triage";
import type { DeliveryInput, MergedInto, RunInput, RunOutput, RunStatus } from "../domain/run/run";
import type { OrchestrationInstance } from "../domain/run/task-hub";
import type { Invocation } from "./invocation";

/** Reads the alert from Intezer: the content of a webhook is never used. */
export function createReadAlert(triage: TriageService | undefined) {
  return async (input: { alertId: string }): Promise<Attempt<AlertReading>> =>
    triage
      ? triage.readAlert(input.alertId)
      : refused("Intezer is not set up in this app: set INTEZER_API_KEY or KEY_VAULT_URL");
}

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

export interface OfferTriageInput {
  readonly runInstanceId: string;
  /** Instance id of a run's own polling: this prefix and the run's number. */
  readonly pollInstancePrefix: string;
  readonly eventName: string;
  readonly triage: Triage;
  /** Whether the alert is known to belong to the incident; if not, the run must have submitted it. */
  readonly isTrusted: boolean;
  /** The run to which the triage was already offered. */
  readonly offeredTo?: number;
  /** Only read the run's state. */
  readonly onlyLook?: boolean;
}

export interface RunView {
  /**
   * `before`: the comment is not being written yet, so it can still include a triage. `writing`: its content is fixed, but
   * it may not be written yet. `past`: it is written, and the run continues. `pending`: an event would be lost.
   */
  readonly state: "absent" | "pending" | "before" | "writing" | "past" | "ended";
  /** Distinguishes one run of the incident from the next. */
  readonly run?: number;
  /** The alert belongs to the incident. */
  readonly isOurs: boolean;
  /** The run to which the triage was offered, now or before. */
  readonly offeredTo?: number;
  /** The triage that the run has taken. Absent for a failed run, which may not have shown it. */
  readonly deliveryId?: string;
  /** For an ended run: number of indicators that were not checked. */
  readonly notChecked?: number;
  /** For an ended run: the incident into which its own was merged. */
  readonly mergedInto?: MergedInto;
}

/**
 * Reads how far the incident's run is, and raises the triage at it, once, while its comment can still include it. Even if
 * the hub accepts the event, the run may not receive it. Throws if the hub cannot be reached.
 */
export async function offerTriage(input: OfferTriageInput, { hub }: Invocation): Promise<RunView> {
  const { runInstanceId, triage, isTrusted } = input;
  const instance = await hub.find(runInstanceId);
  if (!instance) return { state: "absent", isOurs: isTrusted };
  const { alertId, ...seen } = await view(instance, input, hub);
  const isOurs = isTrusted || alertId === triage.alertId;
  // A run that was started since then did not get the event of the previous run.
  const isDue = isOurs && seen.state === "before" && input.offeredTo !== seen.run && !input.onlyLook;
  if (isDue) await hub.raise(runInstanceId, input.eventName, { triage });
  const offeredTo = isDue ? seen.run : input.offeredTo;
  return { ...seen, isOurs, ...defined({ offeredTo }) };
}

async function view(
  instance: OrchestrationInstance,
  { pollInstancePrefix }: OfferTriageInput,
  hub: Invocation["hub"],
) {
  const hasEnded = instance.state === "ended";
  const status = instance.customStatus as Partial<RunStatus> | null;
  const output = hasEnded && instance.succeeded ? (instance.output as Partial<RunOutput>) : null;
  const { run } = instance.input as RunInput;
  const poll = await hub.find(`${pollInstancePrefix}${run}`);
  const alertId = output?.alertId ?? (poll?.input as DeliveryInput | undefined)?.alertId;
  const deliveryId = hasEnded ? output?.deliveryId : status?.deliveryId;
  return {
    state: stateOf(instance, status?.stage),
    run,
    ...defined({
      deliveryId,
      alertId,
      notChecked: output?.notChecked,
      mergedInto: output?.mergedInto,
    }),
  };
}

const stateAtStage: Readonly<Record<RunStatus["stage"], RunView["state"]>> = {
  readingEntities: "before",
  lookingUp: "before",
  waitingForIntezer: "before",
  commenting: "writing",
  completing: "past",
  done: "past",
};

function stateOf(
  { state }: OrchestrationInstance,
  stage: RunStatus["stage"] = "readingEntities",
): RunView["state"] {
  return state === "running" ? stateAtStage[stage] : state;
}
