import type { OrchestrationContext } from "durable-functions";
import type { Survivor } from "../../domain/incident/incident";
import type { DeliveryInput } from "../../domain/run/run";
import { call, type Step } from "../durable/call";
import { now } from "../durable/clock";
import { orchestratorNames, pollInstanceId } from "../names";

interface MergedTriage {
  /** Intezer's id of the alert that a run of the merged incident has submitted or shown. */
  readonly alertId: string;
  readonly run: number;
  readonly dryRun: boolean;
}

/**
 * Has a triage that was commented before the merge reported in the incident that took over. One that a comment there
 * carries is not repeated; one that Intezer has not judged yet is left to the delivery that waits for it.
 */
export function* bringTriage(
  context: OrchestrationContext,
  { ref }: Survivor,
  { alertId, run, dryRun }: MergedTriage,
): Step<void> {
  const input: DeliveryInput = {
    source: "poll",
    alertId,
    incident: ref,
    run,
    until: now(context),
    dryRun,
  };
  yield* call(context, "watchEntities", {
    orchestrator: orchestratorNames.deliverTriage,
    instanceId: `${pollInstanceId(ref.incidentId, run)}-merged`,
    input,
  });
}
