import type { Attempt } from "../attempt";
import type { Entity } from "./entity";
import type { Incident, IncidentRef } from "./incident";

export interface IncidentComment {
  readonly id: string;
  /** HTML as written. */
  readonly message: string;
}

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
   * Writes a comment under an id of our choice (a UUID). One that is already there is left as it is, and is `done`.
   * `full`: the incident has as many comments as it may have, nothing was written.
   */
  writeComment(ref: IncidentRef, comment: IncidentComment): Promise<Attempt<WrittenComment>>;
  /**
   * Changes the incident's tags on a fresh read with its etag; `change` gets the present tags and returns the wanted
   * ones. Nothing is sent when they are equal without regard to case and order. Ends with the tags as they are now, or
   * with `conflict` and nothing written when another writer came between the read and the write.
   */
  changeTags(
    ref: IncidentRef,
    change: (tags: readonly string[]) => readonly string[],
  ): Promise<Attempt<readonly string[] | "conflict">>;
}
