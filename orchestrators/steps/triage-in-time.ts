import type { OrchestrationContext } from "durable-functions";
import type { SubmitAlertInput, Submitted } from "../../activities/submit-alert";
import type { TriageState } from "../../domain/report/report";
import { deliveryIdOf, triageFrom } from "../../domain/report/triage";
import type { RunInput } from "../../domain/run/run";
import type { Step } from "../durable/call";
import { now, shortestTimerMs } from "../durable/clock";
import { log } from "../durable/log";
import type { Persisted } from "../durable/persist";
import { lookInstanceId, orchestratorNames, triagedEvent } from "../names";

/** What became of the run's submission; `undefined` when nothing was to be submitted. */
export type Submission = Persisted<Submitted> | undefined;

/** What to submit to Intezer, if anything. `lookUntil`: epoch milliseconds at which nobody asks for the triage any more. */
export function submissionOf(input: RunInput, lookUntil: number): SubmitAlertInput | undefined {
  const { incident, run, envelope, previous, settings } = input;
  if (settings.alerts !== "submit" || envelope === undefined) return undefined;
  return {
    incident,
    run,
    envelope,
    ...(previous?.alertId === undefined ? {} : { previousAlertId: previous.alertId }),
    look: {
      orchestrator: orchestratorNames.deliverTriage,
      instanceId: lookInstanceId(incident.incidentId, run),
      until: lookUntil,
    },
    dryRun: settings.dryRun,
  };
}

/** Enough to take a triage that came during the lookups. */
const listenMs = 2_000;

/** Waits for Intezer's triage, as long as the mode and the first comment allow. The only wait for the event in a run. */
export function* triageInTime(
  context: OrchestrationContext,
  input: RunInput,
  submission: Submission,
  commentAt: number,
): Step<TriageState> {
  const { alerts, alertsOff } = input.settings;
  if (alerts === "submit" && submission?.kind === "refused") {
    const { cause, reason } = submission;
    log(context, "Left the incident unsubmitted", { cause, reason });
    return { kind: "failed", reason };
  }
  if (alertsOff !== undefined) return { kind: "none", reason: alertsOff };
  if (alerts === "off" || (alerts === "submit" && submission === undefined)) return { kind: "none" };

  const waitUntil = alerts === "listen" ? Math.min(now(context) + listenMs, commentAt) : commentAt;
  const triaged = context.df.waitForExternalEvent(triagedEvent);
  const timer = context.df.createTimer(new Date(Math.max(waitUntil, now(context) + shortestTimerMs)));
  const first = yield context.df.Task.any([triaged, timer]);
  if (first === triaged) timer.cancel();
  const triage = first === triaged ? triageFrom(triaged.result) : undefined;
  if (triage)
    return { kind: "taken", triage, deliveryId: deliveryIdOf(triage), submitted: alerts === "submit" };
  return alerts === "submit" ? { kind: "pending" } : { kind: "none" };
}
