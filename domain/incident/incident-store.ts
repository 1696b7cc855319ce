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
