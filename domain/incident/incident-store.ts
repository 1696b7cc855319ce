import type { Attempt } from "../attempt";
import type { Entity } from "./entity";
import type { Incident, IncidentRef, Merge, Survivor } from "./incident";

export interface IncidentComment {
  readonly id: string;
  /** HTML as written. */
  readonly message: string;
}

/** The tags as they are now; or nothing was written: another writer came first, or the incident was merged. */
type ChangedTags = readonly string[] | "conflict" | { readonly merge: Merge };

export type WrittenComment = "written" | "alreadyThere" | "full";

/**
 * Where incidents are kept. Microsoft Sentinel through Azure Resource Manager today; the Defender portal's Graph API
 * would be a second implementation. Nothing here throws for what the service can answer. An operation takes at most 20 s,
 * and a read less where the caller has less: `timeoutMs`, in milliseconds.
 */
export interface IncidentStore {
  readonly limits: {
    /** Longest comment, UTF-16 units of markup and text. */
    readonly commentLength: number;
    readonly commentsPerIncident: number;
    /** From so many on another one should be short. */
    readonly shortCommentsFrom: number;
  };
  /** Where incidents are shown: hosts that a comment may link to. */
  readonly linkHosts: readonly string[];
  readIncident(ref: IncidentRef, timeoutMs?: number): Promise<Attempt<Incident>>;
  readEntities(ref: IncidentRef, timeoutMs?: number): Promise<Attempt<readonly Entity[]>>;
  readComments(ref: IncidentRef, timeoutMs?: number): Promise<Attempt<readonly IncidentComment[]>>;
  /**
   * Follows a merge to the incident that was not merged itself; `undefined` where one on the way is not found, names no
   * other, or leads back. At most five steps.
   */
  findSurvivor(ref: IncidentRef, merge: Merge, timeoutMs?: number): Promise<Attempt<Survivor | undefined>>;
  /**
   * Writes a comment under an id of our choice (a UUID). One that is already there is left as it is, and is `done`.
   * `full`: the incident has as many comments as it may have, nothing was written.
   */
  writeComment(ref: IncidentRef, comment: IncidentComment): Promise<Attempt<WrittenComment>>;
  /**
   * Changes the incident's tags on a fresh read with its etag; `change` gets the present tags and returns the wanted
   * ones. Nothing is sent when they are equal without regard to case and order. `conflict`: another writer came between
   * the read and the write. A merged incident is left as it is, unless `evenMerged`.
   */
  changeTags(
    ref: IncidentRef,
    change: (tags: readonly string[]) => readonly string[],
    options?: { readonly evenMerged?: boolean },
  ): Promise<Attempt<ChangedTags>>;
}

/** An incident as it stands in the list of its workspace. */
export interface ListedIncident {
  readonly ref: IncidentRef;
  readonly number: number;
  readonly severity: string;
  readonly status: string;
  /** It was merged into the incident with this number. */
  readonly mergedInto?: number;
  readonly tags: readonly string[];
  /** Of anyone. */
  readonly commentsCount: number;
  /** Absent where the list does not say. */
  readonly alertsCount?: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Of its last change of any kind, our own comments and tags included; epoch milliseconds. */
  readonly changedAt: number;
}

export interface IncidentQuery {
  /** `createdAt` lists the newest first, `changedAt` the one first that has not changed for the longest time. */
  readonly by: "createdAt" | "changedAt";
  /** Epoch milliseconds; only incidents created or changed then or later. */
  readonly since: number;
  /** Ends the list after so many. */
  readonly most: number;
}

/** Lists incidents of a workspace, a thousand with each request. */
export type ListIncidents = (
  scope: string,
  query: IncidentQuery,
) => Promise<Attempt<readonly ListedIncident[]>>;

/**
 * Where the incident of an alert is found by the id that the alert's vendor gave it. Log Analytics today. Nothing here
 * throws for what the service can answer.
 */
export interface AlertIndex {
  /** The incident that holds the alert, of those served; `undefined` while none does. */
  findIncident(vendorAlertId: string): Promise<Attempt<IncidentRef | undefined>>;
}

/** Whether a text can be a vendor's id of an alert. Nothing else may get into a query, which has no parameters. */
export function isVendorAlertId(text: string): boolean {
  return /^[A-Za-z0-9._:-]{1,128}$/.test(text);
}
