import { defined } from "../json";
import type { Verdict } from "../verdict";
import type { Reconciled, RunInput, RunOutput } from "./run";
import type { OrchestrationInstance } from "./task-hub";

/** What the task hub still knows about an incident's last run. */
export interface LastRun {
  /** `ended`: terminated by an operator. */
  readonly state: "underWay" | "succeeded" | "failed" | "ended";
  /** Epoch milliseconds, whole seconds. */
  readonly endedAt: number;
  readonly indicators: number;
  /** Present if the run succeeded. */
  readonly verdict?: Verdict;
  /** This run or an earlier one has written a comment. */
  readonly isCommented: boolean;
  /** How many alerts the incident had when its entities were read last. */
  readonly alerts?: number;
  /** The incident to which a known Intezer triage belongs: `here`, or the GUID of the incident that it was merged into. */
  readonly triageIn?: string;
  readonly reconciled?: Reconciled;
  /** As in its input. */
  readonly without?: string;
  /** Its input contains the trigger body. */
  readonly hasEnvelope: boolean;
}

/** Does not keep the instance's input, which may have megabytes. */
export function lastRunOf(instance: OrchestrationInstance): LastRun {
  const { succeeded, failed, state, updatedAt } = instance;
  const { reconciled, without, envelope, previous } = (instance.input ?? {}) as Partial<RunInput>;
  const output = ((succeeded && instance.output) || {}) as Partial<RunOutput>;
  const { indicators = 0, alerts, alertId, mergedInto, verdict, commentIds = [] } = output;
  return {
    state: state !== "ended" ? "underWay" : succeeded ? "succeeded" : failed ? "failed" : "ended",
    endedAt: updatedAt,
    indicators,
    isCommented: commentIds.length + (previous?.commentIds.length ?? 0) > 0,
    ...(alertId === undefined ? {} : { triageIn: mergedInto?.incidentId ?? "here" }),
    hasEnvelope: envelope !== undefined,
    ...defined({ verdict, alerts, reconciled, without }),
  };
}
