/**
 * Milliseconds for a read of Sentinel in an activity that makes another call, of up to 20 s: the host runs an activity
 * again that has not ended within a minute, so that none is to take more than 30 s.
 */
export const briefReadMs = 6_000;
