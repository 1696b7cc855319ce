import type { FollowedMerge, IncidentRef, Survivor } from "../incident/incident";
import type { IndicatorKind } from "../indicators/indicator";
import type { Counts } from "../report/summary";
import type { Verdict } from "../verdict";
import type { RunSettings } from "./settings";

export interface RunInput {
  /** When the trigger accepted the incident, epoch milliseconds; distinguishes one run from the next. */
  readonly run: number;
  /** Distinguishes this start from others in the same millisecond. */
  readonly startId?: string;
  readonly incident: IncidentRef;
  /** `Create` or `Update`, as the trigger body says. */
  readonly eventType: string;
  /** The trigger body as JSON text; only if the whole incident is submitted. */
  readonly envelope?: string;
  /** Numbers of incidents that were merged into this one, if that started the run. */
  readonly mergedFrom?: readonly number[];
  /** The result of the incident's last run: this run reports what has changed since. */
  readonly previous?: PreviousRun;
  readonly settings: RunSettings;
  /** Words of the header x-enricher-without of this run; later runs that no rule starts use them as well. */
  readonly without?: string;
  /** Set if reconciliation started the run. */
  readonly reconciled?: Reconciled;
}

/** Limits consecutive runs that change nothing. */
export interface Reconciled {
  /** How many alerts the incident had. */
  readonly alerts: number;
  /** Consecutive runs that reconciliation started with this number of alerts, including this one. */
  readonly tries: number;
}

/** Stages of a run whose entities will be read again, right before the comment. */
const stagesBeforeComment: readonly unknown[] = ["readingEntities", "lookingUp", "waitingForIntezer"];

export function isBeforeComment(stage: unknown): boolean {
  return stage === undefined || stagesBeforeComment.includes(stage);
}

/** Custom status of a run. */
export interface RunStatus {
  readonly stage:
    | "readingEntities"
    | "lookingUp"
    | "waitingForIntezer"
    | "commenting"
    | "completing"
    | "done";
  /** Number of lookups that have an outcome, of `total`. */
  readonly done: number;
  readonly total: number;
  /** The triage that the comment carries. */
  readonly deliveryId?: string;
}

/** Output of a run. */
export interface RunOutput extends Counts {
  readonly run: number;
  readonly verdict: Verdict;
  readonly commentIds: readonly string[];
  readonly tags: readonly string[];
  /** How many alerts the incident had when its entities were read last. */
  readonly alerts?: number;
  readonly alertId?: string;
  readonly deliveryId?: string;
  /** The worst findings: at most 100, and fewer if they are long. */
  readonly findings: readonly {
    readonly kind: IndicatorKind;
    readonly value: string;
    readonly verdict: Verdict;
  }[];
  readonly warnings: readonly string[];
  /** Sentences for operators about what is switched off and was not looked up, with the names of the settings. */
  readonly switchedOff?: readonly string[];
  /** The incident into which this one was merged, and which has comment and tags. */
  readonly mergedInto?: MergedInto;
  /** The first comment's HTML, in a dry run only. */
  readonly comment?: string;
  /** The update's HTML, in a dry run only. */
  readonly update?: string;
}

/** What a run knows about the previous one; `commentIds` are those of all previous runs. */
export type PreviousRun = Omit<
  RunOutput,
  "verdict" | "notChecked" | "warnings" | "switchedOff" | "mergedInto" | "comment" | "update"
>;

/** What starts a run; its instant and the previous run are added at the start. */
export type RunStart = Omit<RunInput, "run" | "startId" | "previous">;

/** Input of `deliverTriage`: where the delivery comes from, and which alert it is about. */
export type DeliveryInput = (
  | {
      /** Intezer called about an incident. */
      readonly source: "webhook";
      readonly incident: IncidentRef;
    }
  | {
      /** A run polls for the triage of its own submission. */
      readonly source: "poll";
      readonly incident: IncidentRef;
      readonly run: number;
    }
  | {
      /** Intezer called about an alert that Microsoft Defender gave it: its incident must be found. */
      readonly source: "defender";
      /** Defender's id of the alert. */
      readonly vendorAlertId: string;
    }
) & {
  /** Intezer's id. */
  readonly alertId: string;
  /** Epoch milliseconds after which an unfinished alert is no longer read. */
  readonly until: number;
  readonly dryRun: boolean;
  /** Its addendum goes to the results table as well. */
  readonly sendsResults?: true;
};

/** A delivery whose incident is known. */
export type Delivery = DeliveryInput & { readonly incident: IncidentRef };

/** Where a run writes: its own incident, or the one that this was merged into. */
export interface Place {
  readonly incident: IncidentRef;
  /** The remaining incident after a merge. */
  readonly survivor?: Survivor;
  /** The incident was merged, but the remaining one is unknown: the run still writes here. */
  readonly lost?: FollowedMerge;
  /** Number of merges that were followed. */
  readonly moves: number;
}

/** Each move leads to an incident that was not merged when it was found, so two are rare. */
const mostMoves = 5;

export function placeOf(incident: IncidentRef): Place {
  return { incident, moves: 0 };
}

/** Where a run writes after a merge of the incident that it has written to. */
export function movedTo(place: Place, merge: FollowedMerge): Place {
  const { survivor } = merge;
  if (!survivor || place.moves >= mostMoves) return { ...place, lost: merge };
  return { incident: survivor.ref, survivor, moves: place.moves + 1 };
}

/** The incident into which a run's incident was merged, as in the run's output. */
export interface MergedInto {
  readonly number: number;
  /** GUID in lower case. */
  readonly incidentId: string;
  /** Number of the run's own incident. */
  readonly from: number;
}

export function mergedIntoOf({ number, ref: { incidentId } }: Survivor, from: number): MergedInto {
  return { number, incidentId, from };
}

/** Warnings for the output of a run that wrote to another incident, or could not find that incident. */
export function mergeWarnings({ survivor, lost }: Place): readonly string[] {
  const moved = survivor
    ? [
        `The incident was merged into incident ${survivor.number} (${survivor.ref.incidentId}): what this run has found belongs there.`,
      ]
    : [];
  return lost ? [...moved, lostText(lost, "what this run has found stays with the closed one")] : moved;
}

/** Warning for the output of a run that found neither alerts in the incident nor the remaining incident. */
export function emptiedWarning(merge: FollowedMerge): string {
  return lostText(merge, "nothing was looked up or written");
}

function lostText({ into }: FollowedMerge, consequence: string): string {
  const other =
    into === undefined
      ? "another one, which it does not name"
      : `incident ${into}, which could not be found in its workspace, or was itself merged into one that could not`;
  return `The incident was closed and merged into ${other}: ${consequence}. Look for its alerts in the Defender portal.`;
}
