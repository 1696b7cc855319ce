/** The address of an incident. */
export interface IncidentRef {
  /** Where it is stored, in the store's canonical spelling: each place has exactly one scope. */
  readonly scope: string;
  /** A GUID in lower case. */
  readonly incidentId: string;
}

/** What the app uses of an incident. */
export interface Incident {
  readonly number: number;
  /** Of high severity: it may use the reserved part of the quota. */
  readonly isUrgent: boolean;
  /** URL in the portal: Defender's if there is one, otherwise Azure's. */
  readonly url?: string;
  readonly commentsCount: number;
  /** Limited by the number that the store shows per incident. */
  readonly alertsCount?: number;
  readonly tags?: readonly string[];
  /** Changes with every change of the incident, added alerts and our own writes included. */
  readonly etag?: string;
  /** It comes from Microsoft Defender, which keeps adding entities to it. */
  readonly fromDefender?: boolean;
  /** There may be entities beyond those that were read. */
  readonly entitiesCut?: true;
  /** Set only if it was merged into another incident. */
  readonly merge?: Merge;
}

/**
 * What an incident says about its merge into another one: it is closed, its alerts and tags move to the other incident,
 * and its comments stay (https://learn.microsoft.com/defender-xdr/alerts-incidents-correlation).
 */
export interface Merge {
  /** Number of the other incident; absent if only the automatic label shows the merge. */
  readonly into?: number;
  /** Its address, where that is given: a number is one of its own workspace only. */
  readonly ref?: IncidentRef;
}

/** The incident that remains after a merge, or after several in a row. */
export interface Survivor {
  readonly ref: IncidentRef;
  readonly number: number;
  readonly commentsCount: number;
}

/** A merge that was followed; without `survivor` the remaining incident was not found. */
export interface FollowedMerge extends Merge {
  readonly survivor?: Survivor;
}

/** Reads the address by which a text from outside names an incident. */
export type IncidentReader = (text: string) => IncidentRef | undefined;

export function sameIncident(a: IncidentRef, b: IncidentRef): boolean {
  return a.scope === b.scope && a.incidentId === b.incidentId;
}

/**
 * Maximum number of alerts that Sentinel shows per incident (https://learn.microsoft.com/azure/sentinel/sentinel-service-limits).
 * It hides any further alerts of an incident from Defender; in Sentinel's own incidents, further alerts make another one.
 */
export const mostAlerts = 150;

/**
 * Entities that an incident from Defender had at most when it came to a playbook
 * (https://github.com/MicrosoftDocs/azure-docs/issues/113146). Whether the list that is read here ends there as well is not
 * documented: a list of exactly this length may.
 */
export const mostDefenderEntities = 50;
