import type { Attempt } from "../attempt";
import type { Entity } from "./entity";
import type { Incident, IncidentRef, Merge, Survivor } from "./incident";

export interface IncidentComment {
  readonly id: string;
  /** HTML as written. */
  readonly message: string;
}

/** The new tags; or, if nothing was written, that another writer came first, or that the incident was merged. */
type ChangedTags = readonly string[] | "conflict" | { readonly merge: Merge };

export type WrittenComment = "written" | "alreadyThere" | "full";

/**
 * Where incidents are stored: currently Microsoft Sentinel, through Azure Resource Manager; the Defender portal's Graph
 * API would be a second implementation. Nothing here throws for anything the service may answer. An operation takes at
 * most 20 s, and a read at most `timeoutMs` milliseconds if given.
 */
export interface IncidentStore {
  readonly limits: {
    /** Maximum length of a comment, UTF-16 units of markup and text. */
    readonly commentLength: number;
    readonly commentsPerIncident: number;
    /** If the incident has this many comments, another one should be short. */
    readonly shortCommentsFrom: number;
  };
  /** Where incidents are shown: hosts that a comment may link to. */
  readonly linkHosts: readonly string[];
  readIncident(ref: IncidentRef, timeoutMs?: number): Promise<Attempt<Incident>>;
  readEntities(ref: IncidentRef, timeoutMs?: number): Promise<Attempt<readonly Entity[]>>;
  readComments(ref: IncidentRef, timeoutMs?: number): Promise<Attempt<readonly IncidentComment[]>>;
  /**
   * Follows a merge to the incident that was not merged itself; `undefined` if an incident on the way is not found, names
   * no other, or leads back. At most five steps.
   */
  findSurvivor(ref: IncidentRef, merge: Merge, timeoutMs?: number): Promise<Attempt<Survivor | undefined>>;
  /**
   * Writes a comment under an id of our choice (a UUID). A comment that already exists is not changed, and counts as
   * `done`. `full`: the incident has the maximum number of comments, and nothing was written.
   */
  writeComment(ref: IncidentRef, comment: IncidentComment): Promise<Attempt<WrittenComment>>;
  /**
   * Reads the incident and changes its tags by etag; `change` gets the present tags and returns the wanted ones. Nothing
   * is sent if they differ only in case or order. `conflict`: another writer came between the read and the write. A merged
   * incident is not changed, unless `evenMerged`.
   */
  changeTags(
    ref: IncidentRef,
    change: (tags: readonly string[]) => readonly string[],
    options?: { readonly evenMerged?: boolean },
  ): Promise<Attempt<ChangedTags>>;
}

/** An incident in the list of its workspace. */
export interface ListedIncident {
  readonly ref: IncidentRef;
  readonly number: number;
  readonly severity: string;
  readonly status: string;
  /** It was merged into the incident with this number. */
  readonly mergedInto?: number;
  readonly tags: readonly string[];
  /** Comments of any author. */
  readonly commentsCount: number;
  /** Absent if the list does not say. */
  readonly alertsCount?: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** When the incident last changed in any way, including our own comments and tags; epoch milliseconds. */
  readonly changedAt: number;
}

export interface IncidentQuery {
  /** `createdAt` lists the newest first, `changedAt` the least recently changed first. */
  readonly by: "createdAt" | "changedAt";
  /** Epoch milliseconds; only incidents created or changed then or later. */
  readonly since: number;
  /** Ends the list after this many incidents. */
  readonly most: number;
}

/** Lists incidents of a workspace, a thousand with each request. */
export type ListIncidents = (
  scope: string,
  query: IncidentQuery,
) => Promise<Attempt<readonly ListedIncident[]>>;

/**
 * Finds the incident of an alert by the id that the alert's vendor gave it; currently in Log Analytics. Nothing here
 * throws for anything the service may answer.
 */
export interface AlertIndex {
  /** The served incident that contains the alert; `undefined` while there is none. */
  findIncident(vendorAlertId: string): Promise<Attempt<IncidentRef | undefined>>;
}

/** Whether a text can be a vendor's alert id. Nothing else may get into a query, which has no parameters. */
export function isVendorAlertId(text: string): boolean {
  return /^[A-Za-z0-9._:-]{1,128}$/.test(text);
}
