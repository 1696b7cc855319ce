import type { FollowedMerge, IncidentRef, Survivor } from "../incident/incident";

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
        `The incident was merged into incident ${survivor.number} (${survivor.ref.incidentId}): this run's findings belong there.`,
      ]
    : [];
  return lost ? [...moved, lostText(lost, "this run's findings stay with the closed incident")] : moved;
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
