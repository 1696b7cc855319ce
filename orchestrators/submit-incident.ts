import type { OrchestrationContext } from "durable-functions";
import { call, type Step } from "./durable/call";
import { persist } from "./durable/timers";
import type { Submission, SubmitIncidentInput } from "./steps/triage-in-time";

/** Submits the incident to Intezer, in parallel with the lookups: a failure affects only the triage. */
export function* submitIncident(context: OrchestrationContext): Step<NonNullable<Submission>> {
  const { alert, until } = context.df.getInput<SubmitIncidentInput>() as SubmitIncidentInput;
  try {
    return yield* persist(context, () => call(context, "submitAlert", alert), { until });
  } catch {
    return { kind: "refused", reason: "the submission ended with an internal error, see the app's log" };
  }
}
