/*
 * Every wait of the orchestrations, with its reason. Seconds unless the name says otherwise.
 */

/** A new incident may not be readable yet, and a new role assignment takes a while to reach every region. */
export const refusedReadWaits = [10, 30];

/** After faults of a provider; after the last one the lookup has failed. */
export const faultWaits = [5, 20, 60];

/** Writes that Sentinel refuses for now: first wait, longest wait, and for how long to try. */
export const persistWaits = { first: 10, longest: 300, for: 2 * 60 * 60 };

/**
 * Rows for the results table: nothing waits for them, and a missing role, an outage or a workspace's daily cap may last
 * for hours.
 */
export const resultsWaits = { first: 10, longest: 30 * 60, for: 24 * 60 * 60 };

/** A throttling service asks every caller to return at the same time, so the wait is at least this long, doubling. */
export const longestOwnWait = 60;

/** Enough to take a triage that arrived during the lookups, if the run does not wait for one. */
export const listenWait = 2;

/** Intezer needs minutes for a triage: when to read its alert, in seconds after the submission. */
export const pollTimes = [30, 60, 120, 240];
export const laterPolls = 120;

/** An alert that Intezer does not know may be so new that not all of its servers have it. */
export const unknownAlertWaits = [300, 300];

/** How long to retry an unreachable service if there is no other deadline. */
export const unreachableFor = 60 * 60;

/** Logs are late: look for the incident of a Defender alert at once and after 2, 5, 10, 15 and 30 minutes. */
export const logWaits = [0, 120, 180, 300, 300, 900];

/** Checks whether the incident's run has taken a triage, or has ended. */
export const runWaits = { first: 2, longest: 300, for: 12 * 60 * 60 };

/** After each conflict with another writer of the tags. */
export const conflictWaits = [1, 2, 3, 4, 5];

/**
 * Incidents about email and from Defender keep getting entities: how long after the comment to read them again
 * (https://github.com/Azure/Azure-Sentinel/issues/12496).
 */
export const lateEntitiesWait = 10 * 60;

/** When to repeat, separately from the run, a second reading of the entities that failed. */
export const failedReadingWait = 2 * 60;

/** The host repeats an activity that has not ended within a minute, so none should take more than 30 s. */
export const longestContextReading = 25;

/** Doubles from the first wait to the longest. */
export function* backoff({
  first,
  longest,
}: {
  readonly first: number;
  readonly longest: number;
}): Generator<number, never> {
  for (let wait = first; ; wait = Math.min(wait * 2, longest)) yield wait;
}
