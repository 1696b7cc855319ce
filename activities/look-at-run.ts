import type { DeliveryInput, RunInput, RunOutput, RunStatus } from "../domain/run/run";
import type { OrchestrationInstance } from "../domain/run/task-hub";
import type { Invocation } from "./invocation";

interface LookAtRunInput {
  readonly runInstanceId: string;
  /** Instance id of a run's own look: this prefix and the run's number. */
  readonly lookInstancePrefix: string;
}

export interface RunView {
  /**
   * `before`: its comment is not being written yet, so a triage can still be in it. `writing`: what it holds is fixed,
   * but it may not be there yet. `past`: it is there, and the run goes on. `pending`: an event would be lost.
   */
  readonly state: "absent" | "pending" | "before" | "writing" | "past" | "ended";
  /** Tells one run of the incident from the next. */
  readonly run?: number;
  /** The triage that the run has taken. A run that failed may not have told it, so it names none. */
  readonly deliveryId?: string;
  /** The alert that the run's submission became at Intezer. */
  readonly alertId?: string;
  /** Of an ended run: indicators that were not checked. */
  readonly notChecked?: number;
}

/** Tells `deliverTriage` how far the incident's run is, and which alert and triage it knows. */
export async function lookAtRun(input: LookAtRunInput, { hub }: Invocation): Promise<RunView> {
  const instance = await hub.find(input.runInstanceId);
  if (!instance) return { state: "absent" };
  const hasEnded = instance.state === "ended";
  const status = instance.customStatus as Partial<RunStatus> | null;
  const output = hasEnded && instance.succeeded ? (instance.output as Partial<RunOutput>) : null;
  const { run } = instance.input as RunInput;
  const look = await hub.find(`${input.lookInstancePrefix}${run}`);
  const alertId = output?.alertId ?? (look?.input as DeliveryInput | undefined)?.alertId;
  const deliveryId = hasEnded ? output?.deliveryId : status?.deliveryId;
  return {
    state: stateOf(instance, status?.stage),
    run,
    ...(deliveryId === undefined ? {} : { deliveryId }),
    ...(alertId === undefined ? {} : { alertId }),
    ...(output?.notChecked === undefined ? {} : { notChecked: output.notChecked }),
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
