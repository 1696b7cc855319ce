import type { OrchestrationContext } from "durable-functions";
import type { StartResultsInput } from "../../activities/send-results";
import { defined } from "../../domain/json";
import { switchedOffTexts } from "../../domain/report/gaps";
import type { RunReport } from "../../domain/report/report";
import { findingsOf, summarize } from "../../domain/report/summary";
import { type AddendumRowOf, reportForRows } from "../../domain/results/rows";
import { mergedIntoOf, mergeWarnings, type RunInput, type RunOutput } from "../../domain/run/run";
import { call, log, type Step } from "../durable/call";
import { addendumResultsInstanceId, orchestratorNames, resultsInstanceId } from "../names";
import type { Published } from "./publish";
import { alertIdIn, type Submission } from "./triage-in-time";

/** `alerts`: number of the incident's alerts when its entities were last read. */
export function outputOf(
  report: RunReport,
  submission: Submission,
  published: readonly [Published, ...Published[]],
  alerts: number | undefined,
): RunOutput {
  const summary = summarize(report);
  const alertId = alertIdIn(submission);
  const off = switchedOffTexts(report);
  const { place } = (published.at(-1) ?? published[0]).said;
  const [comment, update] = published.map((part) => part.comment);
  return {
    run: report.run,
    verdict: summary.verdict,
    ...summary.counts,
    commentIds: published.flatMap(({ commentId }) => commentId ?? []),
    tags: published.at(-1)?.tags ?? [],
    ...defined({ alerts, alertId }),
    ...(report.triage.kind === "taken" ? { deliveryId: report.triage.deliveryId } : {}),
    findings: findingsOf(summary),
    warnings: [
      ...mergeWarnings(place),
      ...watchlistWarnings(report),
      ...new Set(published.flatMap(({ warnings }) => warnings)),
    ],
    ...(off.length > 0 ? { switchedOff: off } : {}),
    ...(place.survivor ? { mergedInto: mergedIntoOf(place.survivor, report.incident.number) } : {}),
    ...defined({ comment, update }),
  };
}

function watchlistWarnings({ watchlistUnread }: RunReport): readonly string[] {
  if (!watchlistUnread) return [];
  const { alias, reason } = watchlistUnread;
  return [`The watchlist ${alias} (ALLOWED_WATCHLIST) could not be read: ${reason}`];
}

/** The output if nothing was looked up or written; `warning` says why. */
export function outputOfNothing({ run }: RunInput, warning: string): RunOutput {
  return {
    run,
    verdict: "unknown",
    indicators: 0,
    malicious: 0,
    suspicious: 0,
    unknown: 0,
    clean: 0,
    notChecked: 0,
    commentIds: [],
    tags: [],
    findings: [],
    warnings: [warning],
  };
}

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
