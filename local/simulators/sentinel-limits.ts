import type { Clock } from "../clock";

/**
 * What Sentinel promises at least per subscription and five minutes; above it requests are answered 429.
 * https://learn.microsoft.com/rest/api/securityinsights/ ("Request limits and throttling")
 */
const requestsPerWindow: Readonly<Record<string, number>> = {
  "PUT comment": 75,
  "PUT incident": 75,
  "POST entities": 100,
  "GET comment": 100,
};
const windowMs = 5 * 60 * 1000;

export interface SentinelLimits {
  /** Counts one request; whole seconds to wait when there is no room for it. */
  take(operation: string): number | undefined;
}

/** The documented minimum and nothing above it: never more than that in any five minutes. */
export function createSentinelLimits(clock: Clock): SentinelLimits {
  const taken = new Map<string, number[]>();
  return {
    take(operation) {
      const most = requestsPerWindow[operation];
      if (most === undefined) return undefined;
      const now = clock.now();
      const recent = (taken.get(operation) ?? []).filter((at) => at > now - windowMs);
      taken.set(operation, recent);
      const [oldest = now] = recent;
      if (recent.length >= most) return Math.max(1, Math.ceil((oldest + windowMs - now) / 1000));
      recent.push(now);
      return undefined;
    },
  };
}

export const noLimits: SentinelLimits = { take: () => undefined };
