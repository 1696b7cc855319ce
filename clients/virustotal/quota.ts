import { z } from "zod";
import type { Secret } from "../../domain/attempt";
import type { Quota, QuotaReading } from "../../domain/lookups/quota";
import type { AutoQuota } from "../../domain/lookups/quota-ledger";
import type { HttpAnswer, HttpClient } from "../http";

/** What a public key may do (docs.virustotal.com, "Public vs Premium API"; the month is 31 days). */
export const publicKeyQuota: Quota = { perMinute: 4, perDay: 500, perMonth: 15_500 };

const daySeconds = 86_400;
const afterFaultSeconds = 600;
/** Lookups wait for it. */
const patienceMs = 5_000;

const pool = z.object({ allowed: z.number().int().positive(), used: z.number().int().nonnegative() });
/** A group's members share its pool, which binds them besides their own. */
const entry = z
  .object({ user: pool.optional().catch(undefined), group: pool.optional().catch(undefined) })
  .optional()
  .catch(undefined);
const quotasSchema = z.object({
  data: z.object({ api_requests_hourly: entry, api_requests_daily: entry, api_requests_monthly: entry }),
});

/** Reads what VirusTotal says of the key's quota (GET /users/{key}/overall_quotas). */
export function createVirusTotalQuota(key: Secret, http: HttpClient): AutoQuota {
  const assumed = (goodForSeconds: number): QuotaReading => ({ quota: publicKeyQuota, goodForSeconds });
  return {
    assumed: publicKeyQuota,
    async read() {
      const read = await key.read();
      if (read.kind !== "done" || !read.value) return assumed(afterFaultSeconds);
      const answer = await askForQuota(http, read.value, AbortSignal.timeout(patienceMs));
      if (answer.kind === "fault") return assumed(afterFaultSeconds);
      if (answer.status === 200) return quotaReadingFrom(answer.body) ?? assumed(daySeconds);
      return assumed([403, 429].includes(answer.status) ? daySeconds : afterFaultSeconds);
    },
  };
}

/** Asks for the key's quota, which costs none of it. */
export function askForQuota(http: HttpClient, key: string, signal?: AbortSignal): Promise<HttpAnswer> {
  // The key is in the path, which nothing logs: a fault's reason names no address.
  const path = `/users/${encodeURIComponent(key)}/overall_quotas`;
  return http({ method: "GET", path, headers: { "x-apikey": key }, ...(signal && { signal }) });
}

/** Reads the body of `overall_quotas`; `undefined` when it is something else. */
export function quotaReadingFrom(body: unknown): QuotaReading | undefined {
  const quotas = quotasSchema.safeParse(body).data?.data;
  if (!quotas) return undefined;
  const day = tightest(quotas.api_requests_daily);
  const month = tightest(quotas.api_requests_monthly);
  // There is no entry for the minute: its limit shows as sixty times as much an hour.
  const hour = tightest(quotas.api_requests_hourly);
  return {
    quota: {
      perMinute: hour ? Math.max(1, Math.floor(hour.allowed / 60)) : publicKeyQuota.perMinute,
      perDay: day?.allowed ?? publicKeyQuota.perDay,
      perMonth: month?.allowed ?? publicKeyQuota.perMonth,
    },
    used: { day: day?.used ?? 0, month: month?.used ?? 0 },
    goodForSeconds: daySeconds,
  };
}

/** The smallest allowance, and so much used of it that what remains is the least of all pools. */
function tightest(pools: z.infer<typeof entry>): { allowed: number; used: number } | undefined {
  const all = [pools?.user, pools?.group].filter((each) => each !== undefined);
  if (all.length === 0) return undefined;
  const allowed = Math.min(...all.map((each) => each.allowed));
  const left = Math.min(...all.map((each) => each.allowed - each.used));
  return { allowed, used: Math.max(0, allowed - left) };
}
