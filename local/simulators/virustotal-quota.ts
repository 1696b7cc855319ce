import type { Clock } from "../clock";

/** Requests that a key may make; 0 or absent: no limit. */
export interface QuotaLimits {
  readonly perMinute: number;
  readonly perDay: number;
  readonly perMonth: number;
}

/**
 * Counts a key's requests as VirusTotal does: any 60 seconds, the UTC day, the UTC month. Refused requests do not
 * count; those that are answered with 404 do.
 */
export function startQuota(clock: Clock, { perMinute = 0, perDay = 0, perMonth = 0 }: Partial<QuotaLimits>) {
  const taken: number[] = [];
  const since = (from: number) => taken.filter((at) => at > from - 1).length;

  const windows = () => {
    const now = clock.now();
    const today = new Date(now);
    const [year, month, day] = [today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate()];
    const minuteAgo = now - 60_000 + 1;
    const oldest = taken.find((at) => at >= minuteAgo) ?? now;
    return [
      { limit: perMinute, used: since(minuteAgo), freeAt: oldest + 60_000 },
      { limit: perDay, used: since(Date.UTC(year, month, day)), freeAt: Date.UTC(year, month, day + 1) },
      { limit: perMonth, used: since(Date.UTC(year, month)), freeAt: Date.UTC(year, month + 1) },
    ];
  };
  const spent = () => windows().filter(({ limit, used }) => limit > 0 && used >= limit);

  return {
    /** Counts one request, unless a limit is reached. */
    take(): boolean {
      if (spent().length > 0) return false;
      taken.push(clock.now());
      return true;
    },
    /** Epoch milliseconds at which the next request will be let in. */
    freeAt: () => Math.max(clock.now(), ...spent().map(({ freeAt }) => freeAt)),
    /** Body of `overall_quotas`: there the limit per minute appears as sixty times as much per hour. */
    report() {
      const hour = Math.floor(clock.now() / 3_600_000) * 3_600_000;
      const [, day, month] = windows();
      const user = (limit: number, used = 0) => ({ user: { allowed: limit || 1_000_000_000, used } });
      return {
        data: {
          api_requests_hourly: user(perMinute * 60, since(hour)),
          api_requests_daily: user(perDay, day?.used),
          api_requests_monthly: user(perMonth, month?.used),
        },
      };
    },
  };
}
