import type { OrchestrationContext } from "durable-functions";
import type { FetchedIncident } from "../../activities/fetch-incident";
import { keysOf } from "../../domain/indicators/indicator";
import { defined } from "../../domain/json";
import type { RunReport } from "../../domain/report/report";
import type { EnrichAgainInput } from "../../domain/run/next-run";
import type { RunInput } from "../../domain/run/run";
import { call, type Step } from "../durable/call";
import { now, persist, sleepSeconds } from "../durable/timers";
import { lateInstanceId, orchestratorNames, runInstanceId } from "../names";
import { failedReadingWait, lateEntitiesWait, refusedReadWaits } from "../waits";
import { alertIdIn, type Submission } from "./triage-in-time";

/**
 * Reads the incident. Entities are often late, accounts and mailboxes first and URLs minutes later, so they are read
 * again, as configured, while they contain no indicator. `isThrottled`: Sentinel has refused a read for now.
 */
export function* fetchWithEntities(
  context: OrchestrationContext,
  { incident, settings }: RunInput,
): Step<FetchedIncident & { readonly isThrottled: boolean }> {
  const waits = { refused: [...refusedReadWaits], done: [...settings.entityRetrySeconds] };
  let isThrottled = false;
  for (;;) {
    const fetched = yield* persist(context, function* () {
      const attempt = yield* call(context, "fetchIncident", { incident });
      isThrottled ||= attempt.kind === "again";
      return attempt;
    });
    const isComplete =
      fetched.kind === "done" &&
      (fetched.value.indicators.length > 0 || fetched.value.merge?.survivor !== undefined);
    const wait = isComplete ? undefined : waits[fetched.kind].shift();
    if (wait !== undefined) yield* sleepSeconds(context, wait);
    else if (fetched.kind === "done") return { ...fetched.value, isThrottled };
    else throw new Error(`The incident could not be read: ${fetched.reason}`);
  }
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
