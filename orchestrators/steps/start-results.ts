import type { OrchestrationContext } from "durable-functions";
import type { StartResultsInput } from "../../activities/start-results";
import type { RunReport } from "../../domain/report/report";
import type { AddendumRowOf } from "../../domain/results/addendum-row";
import { reportForRows } from "../../domain/results/rows";
import type { RunInput } from "../../domain/run/run";
import { call, type Step } from "../durable/call";
import { log } from "../durable/log";
import { addendumResultsInstanceId, orchestratorNames, resultsInstanceId } from "../names";

/** Starts the orchestration that sends the rows of one part of a run to the results table. */
export function* startResults(
  context: OrchestrationContext,
  { incident, run, settings }: RunInput,
  report: RunReport,
): Step<void> {
  if (!settings.sendsResults || settings.dryRun) return;
  const { instanceId } = context.df;
  yield* start(context, resultsInstanceId(incident.incidentId, run, report.part), {
    incident,
    instanceId,
    report: reportForRows(report),
  });
}

/** The same for the row of an addendum. */
export function* startAddendumResults(context: OrchestrationContext, of: AddendumRowOf): Step<void> {
  yield* start(context, addendumResultsInstanceId(of.incident.incidentId, of.deliveryId), of);
}

/** Never fails the caller because of its rows. */
function* start(
  context: OrchestrationContext,
  sendInstanceId: string,
  of: StartResultsInput["of"],
): Step<void> {
  const { sendResults: orchestrator } = orchestratorNames;
  try {
    yield* call(context, "startResults", { orchestrator, sendInstanceId, of });
  } catch {
    log(context, "Lost rows of the results", {
      of: sendInstanceId,
      reason: "The task hub was not reachable.",
    });
  }
}
