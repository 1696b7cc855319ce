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
  /** Number of the incident this one was merged into; set only when this one is closed. */
  readonly mergedInto?: number;
}

/** Reads the address by which a text from outside names an incident. */
export type IncidentReader = (text: string) => IncidentRef | undefined;

export function sameIncident(a: IncidentRef, b: IncidentRef): boolean {
  return a.scope === b.scope && a.incidentId === b.incidentId;
}
