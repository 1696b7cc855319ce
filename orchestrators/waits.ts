/*
 * Every wait of the orchestrations, with its reason. Seconds unless the name says otherwise.
 */

/** A new incident may not be readable yet, and a new role assignment takes a while to reach every region. */
export const refusedReadWaits = [10, 30];

/** After a fault of a provider; then the lookup has failed. */
export const faultWaits = [5, 20, 60];

/** A write that Sentinel puts off: first wait, longest wait, and for how long it is tried. */
export const persistWaits = { first: 10, longest: 300, for: 2 * 60 * 60 };

/**
 * Rows for the results table: nothing waits for them, and a role, an outage or a workspace's daily cap may last for hours.
 */
export const resultsWaits = { first: 10, longest: 30 * 60, for: 24 * 60 * 60 };

/** A throttled service asks every caller to return as soon as one of them fits in: at least this long, doubling. */
export const longestOwnWait = 60;

/** Enough to take a triage that came during the lookups, where the run does not wait for one. */
export const listenWait = 2;

/** Intezer takes minutes for a triage: instants after the submission at which its alert is read. */
export const pollTimes = [30, 60, 120, 240];
export const laterPolls = 120;

/** An alert that Intezer does not know may be so new that not all of its servers have it. */
export const unknownAlertWaits = [300, 300];

/** How long an unreachable service is tried where there is no other deadline. */
export const unreachableFor = 60 * 60;

/** Logs are late: the incident of a Defender alert is looked for at once and 2, 5, 10, 15 and 30 minutes later. */
export const logWaits = [0, 120, 180, 300, 300, 900];

/** Looks at the incident's run: whether it has taken a triage, or has ended. */
export const runWaits = { first: 2, longest: 300, for: 12 * 60 * 60 };

/** After each conflict with another writer of the tags. */
export const conflictWaits = [1, 2, 3, 4, 5];

/**
 * Email and Defender incidents keep collecting entities: how long after its comment such an incident is read again
 * (https://github.com/Azure/Azure-Sentinel/issues/12496).
 */
export const lateEntitiesWait = 10 * 60;

/** A second reading of the entities that failed beside the comment is repeated then, apart from the run. */
export const failedReadingWait = 2 * 60;

/** The host runs an activity again that has not ended within a minute, so that none is to take more than 30 s. */
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
