import type { OrchestrationContext } from "durable-functions";
import type { SubmitAlertInput, Submitted } from "../../activities/submit-alert";
import { defined } from "../../domain/json";
import type { TriageState } from "../../domain/report/report";
import { deliveryIdOf, triageFrom } from "../../domain/report/triage";
import type { RunInput } from "../../domain/run/run";
import { type Branch, child, log, type Step } from "../durable/call";
import { now, type Persisted, timerUntil } from "../durable/timers";
import { orchestratorNames, pollInstanceId, runInstanceId, submitInstanceId, triagedEvent } from "../names";
import { listenWait } from "../waits";
import type { Phase } from "./consult-providers";

/** The result of the run's submission; `undefined` if submission is off. */
export type Submission = Persisted<Submitted> | undefined;

/** Intezer's id of the alert, if the submission returned it. */
export function alertIdIn(submission: Submission): string | undefined {
  return submission?.kind === "done" ? submission.value.alertId : undefined;
}

/** Input of the orchestrator `submitIncident`. */
export interface SubmitIncidentInput {
  readonly alert: SubmitAlertInput;
  /** When the first comment is due, epoch milliseconds: later the triage would be too late. */
  readonly until: number;
}

/** Waits for Intezer's triage, as long as the mode and the first comment allow. A run waits for the event only here. */
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

  const waitUntil = alerts === "listen" ? Math.min(now(context) + listenWait * 1000, commentAt) : commentAt;
  const triaged = context.df.waitForExternalEvent(triagedEvent);
  const timer = timerUntil(context, waitUntil);
  const first = yield context.df.Task.any([triaged, timer]);
  if (first === triaged) timer.cancel();
  const triage = first === triaged ? triageFrom(triaged.result) : undefined;
  if (triage) return { kind: "taken", triage, deliveryId: deliveryIdOf(triage) };
  return alerts === "submit" ? { kind: "pending" } : { kind: "none" };
}

export function submitBranch(
  context: OrchestrationContext,
  { incident, run, previous, settings }: RunInput,
  { deadline, until }: Phase,
): Branch<NonNullable<Submission>> {
  const { incidentId } = incident;
  const submitted: SubmitIncidentInput = {
    alert: {
      incident,
      run,
      runInstanceId: runInstanceId(incidentId),
      ...defined({ previousAlertId: previous?.alertId }),
      poll: {
        orchestrator: orchestratorNames.deliverTriage,
        instanceId: pollInstanceId(incidentId, run),
        until,
      },
      dryRun: settings.dryRun,
      ...defined({ sendsResults: settings.sendsResults }),
    },
    until: deadline,
  };
  return child(context, orchestratorNames.submitIncident, submitted, submitInstanceId(incidentId, run));
}
