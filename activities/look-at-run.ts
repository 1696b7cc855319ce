import type { DeliveryInput, RunInput, RunOutput, RunStatus } from "../domain/run";
import type { OrchestrationInstance } from "../domain/task-hub";
import type { Invocation } from "./invocation";

export interface LookAtRunInput {
  readonly runInstanceId: string;
  /** Instance id of a run's own look: this prefix and the run's number. */
  readonly lookInstancePrefix: string;
}

export interface RunView {
  /**
   * `before`: its comment is not being written yet, so a triage can still be in it. `past`: the comment is made, and
   * the run goes on. `pending`: an event would be lost.
   */
  readonly state: "absent" | "pending" | "before" | "past" | "ended";
  /** The triage that the run's comment carries. */
  readonly deliveryId?: string;
  /** The alert that the run's submission became at Intezer. */
  readonly alertId?: string;
  /** Of an ended run: indicators that were not checked. */
  readonly notChecked?: number;
}

const stagesBeforeComment: readonly RunStatus["stage"][] = [
  "readingEntities",
  "lookingUp",
  "waitingForIntezer",
];

/** Tells `deliverTriage` how far the incident's run is, and which alert and triage it knows. */
export async function lookAtRun(input: LookAtRunInput, { hub }: Invocation): Promise<RunView> {
  const instance = await hub.find(input.runInstanceId);
  if (!instance) return { state: "absent" };
  const status = instance.customStatus as Partial<RunStatus> | null;
  const output = instance.state === "ended" ? (instance.output as Partial<RunOutput> | null) : null;
  const { run } = instance.input as RunInput;
  const look = await hub.find(`${input.lookInstancePrefix}${run}`);
  const alertId = output?.alertId ?? (look?.input as DeliveryInput | undefined)?.alertId;
  const deliveryId = output?.deliveryId ?? status?.deliveryId;
  return {
    state: stateOf(instance, status?.stage),
    ...(deliveryId === undefined ? {} : { deliveryId }),
    ...(alertId === undefined ? {} : { alertId }),
    ...(output?.notChecked === undefined ? {} : { notChecked: output.notChecked }),
  };
}

function stateOf(instance: OrchestrationInstance, stage: RunStatus["stage"] | undefined): RunView["state"] {
  if (instance.state !== "running") return instance.state;
  return stage === undefined || stagesBeforeComment.includes(stage) ? "before" : "past";
}
