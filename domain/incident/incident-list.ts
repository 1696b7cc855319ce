import type { Attempt } from "../attempt";
import type { IncidentRef } from "./incident";

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
