import type { Quota } from "../domain/provider";

/** A minute of ours: the service counts when a request arrives, we when its answer is due. */
const windowMs = 62_000;

/** Requests that a key may still make, as far as one run knows. */
export interface Allowance {
  /** How many may start now. */
  free(now: number): number;
  /** When at least one may start, epoch milliseconds; `undefined` when never again in this run. */
  nextAt(now: number): number | undefined;
  take(count: number, now: number): void;
  /** Requests made so far and those of the last minute, for the next phase of the run. */
  spent(now: number): Spent;
}

export interface Spent {
  readonly count: number;
  /** Epoch milliseconds of each request in the last minute. */
  readonly recent: readonly number[];
}

export const nothingSpent: Spent = { count: 0, recent: [] };

const orUnlimited = (limit: number) => (limit === 0 ? Number.POSITIVE_INFINITY : limit);

export function createAllowance(quota: Quota, spent: Spent): Allowance {
  const perMinute = orUnlimited(quota.perMinute);
  const perRun = Math.min(orUnlimited(quota.perDay), orUnlimited(quota.perMonth));
  let { count } = spent;
  let recent = [...spent.recent];
  const inWindow = (now: number) => recent.filter((at) => at > now - windowMs);
  const free = (now: number) => Math.min(perMinute - inWindow(now).length, perRun - count);
  return {
    free,
    nextAt(now) {
      if (count >= perRun) return undefined;
      const window = inWindow(now);
      return window.length < perMinute ? now : Math.min(...window) + windowMs;
    },
    take(taken, now) {
      count += taken;
      if (quota.perMinute > 0) recent = [...inWindow(now), ...Array<number>(taken).fill(now)];
    },
    spent: (now) => ({ count, recent: inWindow(now) }),
  };
}

const dayMs = 24 * 60 * 60 * 1000;

/** When quotas of a day begin anew: 00:00 UTC (VirusTotal and Intezer alike). */
export function nextUtcMidnight(now: number): number {
  return (Math.floor(now / dayMs) + 1) * dayMs;
}
