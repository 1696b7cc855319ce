import type { OrchestrationContext } from "durable-functions";
import type { RunReport } from "../../domain/report/report";
import { reportForRows } from "../../domain/results/rows";
import type { RunInput } from "../../domain/run/run";
import { call, type Step } from "../durable/call";
import { log } from "../durable/log";
import { orchestratorNames, resultsInstanceId } from "../names";

/** Has the rows of one part of a run sent to the results table, apart from this run. */
export function* startResults(
  context: OrchestrationContext,
  { incident, run, settings }: RunInput,
  report: RunReport,
): Step<void> {
  if (!settings.sendsResults || settings.dryRun) return;
  const { incidentId } = incident;
  try {
    yield* call(context, "startResults", {
      orchestrator: orchestratorNames.sendResults,
      sendInstanceId: resultsInstanceId(incidentId, run, report.part),
      incident,
      instanceId: context.df.instanceId,
      report: reportForRows(report),
    });
  } catch {
    log(context, "Lost rows of the results", {
      part: report.part,
      reason: "The task hub was not reachable.",
    });
  }
}
