import type { OrchestrationContext } from "durable-functions";
import type { Survivor } from "../../domain/incident/incident";
import type { DeliveryInput } from "../../domain/run/run";
import { call, type Step } from "../durable/call";
import { now } from "../durable/clock";
import { orchestratorNames, pollInstanceId } from "../names";

interface MergedTriage {
  /** Intezer's id of the alert that a run of the merged incident submitted or showed. */
  readonly alertId: string;
  readonly run: number;
  readonly dryRun: boolean;
}

/**
 * Starts a delivery that reports, in the remaining incident, a triage that was commented before the merge. If a comment
 * there already has the triage, it is not repeated; if Intezer has not finished it, the delivery that polls for it reports
 * it.
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
