/** The address of an incident. */
export interface IncidentRef {
  /** The place that keeps it, as its store spells it: of two texts for one place, only one is a scope. */
  readonly scope: string;
  /** A GUID in lower case. */
  readonly incidentId: string;
}

/** What we use of an incident. */
export interface Incident {
  readonly number: number;
  /** Its store ranks it among the worst: it may use what the quota keeps for such. */
  readonly isUrgent: boolean;
  /** Address in the portal: Defender's where there is one, else Azure's. */
  readonly url?: string;
  readonly commentsCount: number;
  /** At most as many as its store shows of one incident. */
  readonly alertsCount?: number;
  readonly tags?: readonly string[];
  /** Changes with every change of the incident, added alerts and our own writes included. */
  readonly etag?: string;
  /** It comes from Microsoft Defender, which goes on adding entities to it. */
  readonly fromDefender?: boolean;
  /** There may be entities beyond those that were read. */
  readonly entitiesCut?: true;
  /** Set only on one that was merged into another. */
  readonly merge?: Merge;
}

/**
 * What an incident says of its merge into another one: it is closed, its alerts and tags move to the other one, its
 * comments stay (https://learn.microsoft.com/defender-xdr/alerts-incidents-correlation).
 */
export interface Merge {
  /** Number of the other incident; absent where only the automatic label shows the merge. */
  readonly into?: number;
  /** Its address, where that is given: a number is one of its own workspace only. */
  readonly ref?: IncidentRef;
}

/** The incident that a merge has left, over several steps where it was repeated. */
export interface Survivor {
  readonly ref: IncidentRef;
  readonly number: number;
  readonly commentsCount: number;
}

/** A merge that was followed: without `survivor` it leads nowhere. */
export interface FollowedMerge extends Merge {
  readonly survivor?: Survivor;
}

/** Reads the address by which a text from outside names an incident. */
export type IncidentReader = (text: string) => IncidentRef | undefined;

export function sameIncident(a: IncidentRef, b: IncidentRef): boolean {
  return a.scope === b.scope && a.incidentId === b.incidentId;
}
