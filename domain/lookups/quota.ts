import { defined } from "../json";
import { counted } from "../text";
import { dayMs } from "../time";

/** Requests a key may make; 0 means no limit. */
export interface Quota {
  readonly perMinute: number;
  readonly perDay: number;
  readonly perMonth: number;
}

/** A billion requests is what VirusTotal answers for a key without that limit. */
export const isNoLimit = (requests: number) => requests >= 1_000_000_000;

/** A quota as set: `auto` stands for what the service reports for the key. */
export type QuotaSetting = { readonly [Limit in keyof Quota]: number | "auto" };

/** What a service reports about a key's quota; what it does not report is left unchanged. */
export interface QuotaReading {
  readonly quota: Partial<Quota>;
  /** Requests counted so far, over all users of the key. */
  readonly used?: { readonly day: number; readonly month: number };
  /** Seconds until it makes sense to read it again. */
  readonly goodForSeconds: number;
}

/** How much of a key's quota has been used. Plain JSON: it is stored in a table. */
export interface QuotaUse {
  /**
   * Requests of the last minute: instants in epoch milliseconds, rounded up to the second, each with its number of
   * requests.
   */
  readonly recent: readonly (readonly [at: number, requests: number])[];
  readonly day: Counter;
  readonly month: Counter;
}

interface Counter {
  /** Where the day or month began, epoch milliseconds. */
  readonly since: number;
  readonly requests: number;
}

/** When the next request may be made, and what prevents it until then. */
export interface Wait {
  /** Epoch milliseconds. */
  readonly freeAt: number;
  /** For people. */
  readonly reason: string;
}

interface Grant {
  readonly granted: number;
  /** The use, including what was granted. */
  readonly use: QuotaUse;
  /** Set when nothing is left. */
  readonly wait?: Wait;
}

export const nothingUsed: QuotaUse = {
  recent: [],
  day: { since: 0, requests: 0 },
  month: { since: 0, requests: 0 },
};

/** Longer than the service's minute: the service counts when a request arrives, the app before it leaves. */
const minuteMs = 62_000;

/**
 * Takes up to `wanted` requests from a quota, as many as are free. Only urgent requests may use the last tenth of the day.
 * Days and months turn over in UTC (VirusTotal and Intezer alike).
 */
export function takeFrom(
  quota: Quota,
  use: QuotaUse,
  { wanted, urgent }: { readonly wanted: number; readonly urgent: boolean },
  now: number,
): Grant {
  const current = upToDate(use, now);
  const left = Math.min(...limitsOf(quota, current, urgent, now).map((limit) => limit.left));
  const granted = Math.max(0, Math.min(wanted, left));
  const after = granted === 0 ? current : withRequests(current, granted, now);
  const wait = limitsOf(quota, after, urgent, now)
    .filter((limit) => limit.left <= 0)
    .reduce<Wait | undefined>((a, b) => (a && a.freeAt >= b.freeAt ? a : b), undefined);
  return {
    granted,
    use: after,
    ...defined({ wait: wait && { freeAt: wait.freeAt, reason: wait.reason } }),
  };
}

/** The use, raised to what the service has counted itself: others may use the same key. */
export function withReading(use: QuotaUse, { used }: QuotaReading, now: number): QuotaUse {
  const { recent, day, month } = upToDate(use, now);
  const atLeast = (counter: Counter, requests = 0) => ({
    ...counter,
    requests: Math.max(counter.requests, requests),
  });
  return { recent, day: atLeast(day, used?.day), month: atLeast(month, used?.month) };
}

/** The use without requests that were counted but not made; the minute's slots expire anyway. */
export function withoutRequests(use: QuotaUse, requests: number): QuotaUse {
  const less = (counter: Counter) => ({ ...counter, requests: Math.max(0, counter.requests - requests) });
  return { ...use, day: less(use.day), month: less(use.month) };
}

interface Limit extends Wait {
  readonly left: number;
}

function limitsOf(quota: Quota, use: QuotaUse, urgent: boolean, now: number): readonly Limit[] {
  const { perMinute, perDay, perMonth } = quota;
  const reserve = urgent ? 0 : Math.floor(perDay / 10);
  const kept = reserve > 0 ? `, except for the ${reserve} reserved for incidents of high severity` : "";
  const inMinute = use.recent.reduce((sum, [, requests]) => sum + requests, 0);
  const oldest = use.recent[0]?.[0] ?? now;
  return [
    { left: leftOf(perMinute, inMinute), freeAt: oldest + minuteMs, reason: spent(perMinute, "a minute") },
    {
      left: leftOf(perDay, use.day.requests + reserve),
      freeAt: nextUtcMidnight(now),
      reason: spent(perDay, "a day") + kept,
    },
    {
      left: leftOf(perMonth, use.month.requests),
      freeAt: nextUtcMonth(now),
      reason: spent(perMonth, "a month"),
    },
  ];
}

const leftOf = (limit: number, used: number) => (limit === 0 ? Number.POSITIVE_INFINITY : limit - used);

const spent = (limit: number, span: string) => `the quota of ${counted(limit, "request")} ${span} is used up`;

function upToDate({ recent, day, month }: QuotaUse, now: number): QuotaUse {
  // Clocks of machines differ: no machine may reset a period that another one has begun.
  const since = (counter: Counter, start: number): Counter =>
    start > counter.since ? { since: start, requests: 0 } : counter;
  return {
    recent: recent.filter(([at]) => at > now - minuteMs),
    day: since(day, startOfDay(now)),
    month: since(month, startOfMonth(now)),
  };
}

function withRequests({ recent, day, month }: QuotaUse, requests: number, now: number): QuotaUse {
  const second = Math.ceil(now / 1000) * 1000;
  const already = recent.find(([at]) => at === second)?.[1] ?? 0;
  const others = recent.filter(([at]) => at !== second);
  return {
    recent: [...others, [second, already + requests] as const].toSorted(([a], [b]) => a - b),
    day: { ...day, requests: day.requests + requests },
    month: { ...month, requests: month.requests + requests },
  };
}

const startOfDay = (at: number) => Math.floor(at / dayMs) * dayMs;

function startOfMonth(at: number, months = 0): number {
  const instant = new Date(at);
  return Date.UTC(instant.getUTCFullYear(), instant.getUTCMonth() + months);
}

/** 00:00 UTC of the next day, epoch milliseconds. */
export function nextUtcMidnight(now: number): number {
  return startOfDay(now) + dayMs;
}

/** 00:00 UTC of the first day of the next month, epoch milliseconds. */
export function nextUtcMonth(now: number): number {
  return startOfMonth(now, 1);
}

/** A limit that the service does not name has its assumed value. */
export type KeyQuota = QuotaReading & { readonly quota: Quota };

/** What a service says about its key. */
export type KeyStanding =
  | { readonly kind: "noKey" }
  | { readonly kind: "known"; readonly reading: KeyQuota }
  /** The key is valid, but the service shows its quota only to its owner. */
  | { readonly kind: "hidden" }
  | { readonly kind: "refused"; readonly reason: string };

/** The wait that ends last. */
export function longest(waits: readonly Wait[]): Wait | undefined {
  return waits.toSorted((a, b) => b.freeAt - a.freeAt)[0];
}
