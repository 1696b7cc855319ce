import { defined } from "../json";
import { isIncomplete } from "../report/tags";
import type { Verdict } from "../verdict";
import type { Reconciled, RunInput, RunOutput } from "./run";

/** An orchestration as the task hub knows it. */
export interface OrchestrationInstance {
  readonly id: string;
  /** An event raised at a `pending` or `ended` instance is lost. */
  readonly state: "pending" | "running" | "ended";
  readonly succeeded: boolean;
  /** Failed with an error; an instance that an operator terminated has neither succeeded nor failed. */
  readonly failed: boolean;
  readonly input: unknown;
  readonly customStatus: unknown;
  readonly output: unknown;
  /** Epoch milliseconds, whole seconds. */
  readonly updatedAt: number;
}

/** The orchestrations of this app. Every call throws when the hub cannot be reached. */
export interface TaskHub {
  find(instanceId: string): Promise<OrchestrationInstance | undefined>;
  /** Replaces an instance that has ended. */
  start(orchestrator: string, instanceId: string, input: object): Promise<"started" | "alreadyRunning">;
  raise(instanceId: string, eventName: string, data: object): Promise<void>;
  /** Deletes instances that have ended and were created between two instants (epoch milliseconds); returns how many. */
  purge(from: number, to: number): Promise<number>;
}

/** What the task hub still knows about an incident's last run. */
export interface LastRun {
  /** `ended`: terminated by an operator. */
  readonly state: "underWay" | "succeeded" | "failed" | "ended";
  /** Epoch milliseconds, whole seconds. */
  readonly endedAt: number;
  readonly indicators: number;
  /** Present if the run succeeded. */
  readonly verdict?: Verdict;
  /** It has tagged the incident as incomplete. */
  readonly isIncomplete: boolean;
  /** This run or an earlier one has written a comment. */
  readonly isCommented: boolean;
  /** How many alerts the incident had when its entities were read last. */
  readonly alerts?: number;
  /** It knows an alert of Intezer's, whose triage is in its comment or follows. */
  readonly hasTriage: boolean;
  /** GUID of the incident that took over, as far as the run has followed a merge. */
  readonly mergedInto?: string;
  readonly reconciled?: Reconciled;
  /** As in its input. */
  readonly without?: string;
}

/** Does not keep the instance's input, which may have megabytes. */
export function lastRunOf(instance: OrchestrationInstance): LastRun {
  const { succeeded, failed, state, updatedAt } = instance;
  const { reconciled, without, previous } = (instance.input ?? {}) as Partial<RunInput>;
  const output = ((succeeded && instance.output) || {}) as Partial<RunOutput>;
  const { indicators = 0, alerts, alertId, mergedInto, verdict, commentIds = [], tags = [] } = output;
  return {
    state: state !== "ended" ? "underWay" : succeeded ? "succeeded" : failed ? "failed" : "ended",
    endedAt: updatedAt,
    indicators,
    isIncomplete: isIncomplete(tags),
    isCommented: commentIds.length + (previous?.commentIds.length ?? 0) > 0,
    hasTriage: alertId !== undefined,
    ...defined({ verdict, alerts, reconciled, without, mergedInto: mergedInto?.incidentId }),
  };
}
