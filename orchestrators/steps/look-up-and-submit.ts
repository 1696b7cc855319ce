import type { OrchestrationContext } from "durable-functions";
import { defined } from "../../domain/json";
import type { ReportItem } from "../../domain/report/report";
import type { RunInput } from "../../domain/run/run";
import { type Branch, child, type Step, settled } from "../durable/call";
import { orchestratorNames, pollInstanceId, runInstanceId, submitInstanceId } from "../names";
import { consultChildren, consultProviders, openWork, type Phase, withOutputs } from "./consult-providers";
import type { Submission, SubmitIncidentInput } from "./triage-in-time";

/** Looks up the items until the first comment is due and, if that is switched on, submits the incident at the same time. */
export function* lookUpAndSubmit(
  context: OrchestrationContext,
  input: RunInput,
  items: readonly ReportItem[],
  phase: Phase,
): Step<{ readonly items: readonly ReportItem[]; readonly submission: Submission }> {
  const { settings, envelope } = input;
  if (settings.alerts !== "submit" || envelope === undefined)
    return { items: yield* consultProviders(context, settings, items, phase), submission: undefined };

  const work = openWork(settings.providers, items, settings.commentDetail);
  const [submission = died, ...outputs] = yield* settled(context, [
    submitBranch(context, input, phase),
    ...consultChildren(context, work, phase),
  ]);
  return { items: withOutputs(items, work, outputs), submission };
}

const died: Submission = { kind: "refused", reason: "the submission ended with an internal error" };

function submitBranch(
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
