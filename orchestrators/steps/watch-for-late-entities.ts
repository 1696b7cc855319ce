import type { OrchestrationContext } from "durable-functions";
import type { Survivor } from "../../domain/incident/incident";
import { defined } from "../../domain/json";
import { keysOf } from "../../domain/report/merged-items";
import type { RunReport } from "../../domain/report/report";
import type { EnrichAgainInput } from "../../domain/run/next-run";
import type { RunInput } from "../../domain/run/run";
import { call, type Step } from "../durable/call";
import { now } from "../durable/clock";
import { lateInstanceId, mergedInstanceId, orchestratorNames, runInstanceId } from "../names";
import { failedReadingWait, lateEntitiesWait } from "../waits";
import { survivorStart } from "./survivor-start";
import { alertIdIn, type Submission } from "./triage-in-time";

/**
 * Schedules another run of the remaining incident for when alerts and tags, which move at their own pace, have arrived.
 * Changes within ten minutes may arrive as one (https://learn.microsoft.com/azure/sentinel/move-to-defender).
 */
export function* watchSurvivor(
  context: OrchestrationContext,
  input: RunInput,
  { incident }: RunReport,
  survivor: Survivor,
): Step<void> {
  if (input.settings.dryRun) return;
  const again: EnrichAgainInput = {
    ...survivorStart(survivor, incident.number, input),
    notBefore: now(context) + lateEntitiesWait * 1000,
  };
  yield* call(context, "watchEntities", {
    orchestrator: orchestratorNames.enrichAgain,
    instanceId: mergedInstanceId(survivor.ref.incidentId),
    input: again,
  });
}

/**
 * Schedules another reading of the entities, separately from this run and some time after the comment, if more are
 * expected: for incidents about email or from Defender, and if the second reading failed.
 */
export function* watchForLateEntities(
  context: OrchestrationContext,
  { incident, settings, without }: RunInput,
  report: RunReport,
  submission: Submission,
  wasReadAgain: boolean,
): Step<void> {
  const isGrowing = report.hasMail || report.incident.fromDefender === true;
  const waits = [...(wasReadAgain ? [] : [failedReadingWait]), ...(isGrowing ? [lateEntitiesWait] : [])];
  const [notBefore, ...laterReadings] = waits.map((seconds) => now(context) + seconds * 1000);
  if (settings.dryRun || notBefore === undefined) return;
  const { incidentId } = incident;
  const input: EnrichAgainInput = {
    target: { orchestrator: orchestratorNames.enrichIncident, instanceId: runInstanceId(incidentId) },
    start: { incident, eventType: "Update", settings, ...defined({ without }) },
    notBefore,
    known: report.items.flatMap(({ indicator }) => keysOf(indicator)),
    ...(laterReadings.length > 0 ? { laterReadings } : {}),
    ...defined({ alertId: alertIdOf(report, submission) }),
  };
  yield* call(context, "watchEntities", {
    orchestrator: orchestratorNames.enrichAgain,
    instanceId: lateInstanceId(incidentId),
    input,
  });
}

function alertIdOf({ triage }: RunReport, submission: Submission): string | undefined {
  return triage.kind === "taken" ? triage.triage.alertId : alertIdIn(submission);
}
