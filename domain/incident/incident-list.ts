import type { Attempt } from "../attempt";
import type { IncidentRef } from "./incident";

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
