import type { FollowedMerge, IncidentRef, Survivor } from "../incident/incident";

/** Where a run writes: to its own incident, or to the one that this was merged into. */
export interface Place {
  readonly incident: IncidentRef;
  /** The incident that took over, where it is not the run's own. */
  readonly survivor?: Survivor;
  /** It was merged, and nobody knows into which: what is to be said is said here all the same. */
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
}

export function mergedIntoOf({ number, ref: { incidentId } }: Survivor): MergedInto {
  return { number, incidentId };
}

/** For the output of a run that has written elsewhere than it was to, or could not find where that would be. */
export function mergeWarnings({ survivor, lost }: Place): readonly string[] {
  const moved = survivor
    ? [
        `The incident was merged into incident ${survivor.number} (${survivor.ref.incidentId}): what this run has found is written there.`,
      ]
    : [];
  return lost ? [...moved, lostText(lost)] : moved;
}

function lostText({ into }: FollowedMerge): string {
  const other = into === undefined ? "another one, which it does not name" : `incident ${into}`;
  const found = into === undefined ? "" : ", which could not be found in its workspace";
  return `The incident was closed and merged into ${other}${found}: what this run has found is written to the closed one. Look for its alerts in the Defender portal.`;
}
