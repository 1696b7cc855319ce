import type { FollowedMerge, IncidentRef, Survivor } from "../incident/incident";

/** Where a run writes: to its own incident, or to the one that this was merged into. */
export interface Place {
  readonly incident: IncidentRef;
  /** The incident that took over, where it is not the run's own. */
  readonly survivor?: Survivor;
  /** It was merged, and the one that took over is unknown: what the run has to say is written here all the same. */
  readonly lost?: FollowedMerge;
  /** Merges that were followed to come here. */
  readonly moves: number;
}

/** Each move leads to an incident that was not merged when it was found, so a run hardly ever sees two. */
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

/** The incident that took a run's incident over, as the run's output names it. */
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

/** For the output of a run that has written elsewhere than it was to, or could not find where that would be. */
export function mergeWarnings({ survivor, lost }: Place): readonly string[] {
  const moved = survivor
    ? [
        `The incident was merged into incident ${survivor.number} (${survivor.ref.incidentId}): this run's findings are written there.`,
      ]
    : [];
  return lost ? [...moved, lostText(lost, "this run's findings are written to the closed incident")] : moved;
}

/** For the output of a run that found neither alerts in the incident nor the one that took over. */
export function emptiedWarning(merge: FollowedMerge): string {
  return lostText(merge, "nothing was looked up or written");
}

function lostText({ into }: FollowedMerge, consequence: string): string {
  const other =
    into === undefined
      ? "another one, which it does not name"
      : `incident ${into}, which could not be found in its workspace`;
  return `The incident was closed and merged into ${other}: ${consequence}. Look for its alerts in the Defender portal.`;
}
