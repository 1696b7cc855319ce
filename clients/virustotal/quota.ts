import { z } from "zod";
import type { Secret } from "../../domain/attempt";
import { defined } from "../../domain/json";
import type { KeyStanding, Quota, QuotaReading } from "../../domain/lookups/quota";
import type { AutoQuota } from "../../domain/lookups/quota-ledger";
import { createHttpClient, type HttpAnswer, type HttpClient } from "../http";

/** The quota of a public key (docs.virustotal.com, "Public vs Premium API"; a month is 31 days). */
const publicKeyQuota: Quota = { perMinute: 4, perDay: 500, perMonth: 15_500 };

const daySeconds = 86_400;
const afterFaultSeconds = 600;
/** Lookups wait for it. */
const patienceMs = 5_000;
const standingMs = 20_000;

const allowed = z.number().int().positive();
const used = z.number().int().nonnegative().catch(0);
const pool = z.object({ allowed, used }).optional().catch(undefined);
/** Members of a group share its pool, which limits them in addition to their own. */
const entry = z.object({ user: pool, group: pool }).optional().catch(undefined);
const quotasSchema = z.object({
  data: z.object({ api_requests_hourly: entry, api_requests_daily: entry, api_requests_monthly: entry }),
});

/** Reads the key's quota from VirusTotal (GET /users/{key}/overall_quotas). */
export function createVirusTotalQuota(key: Secret, http: HttpClient): AutoQuota {
  return {
    assumed: publicKeyQuota,
    async read() {
      const read = await key.read();
      if (read.kind !== "done" || !read.value) return nothingRead(afterFaultSeconds);
      const answer = await askForQuota(http, read.value, AbortSignal.timeout(patienceMs));
      if (answer.kind === "fault") return nothingRead(afterFaultSeconds);
      const reading = answer.status === 200 ? quotaReadingFrom(answer.body) : undefined;
      // A key that may not ask for its quota will not be allowed to in a few minutes either.
      return reading ?? nothingRead(answer.status === 403 ? daySeconds : afterFaultSeconds);
    },
  };
}

const refusals: Readonly<Record<number, string>> = {
  401: "VirusTotal rejected the API key (HTTP 401): store a valid one as virustotal-api-key.",
  429: "VirusTotal's quota is spent (HTTP 429): the day's returns at 00:00 UTC.",
};

/** Requests the key's quota from VirusTotal, which spends none of it. Never throws. */
export async function standingOfKey(options: {
  /** Base URL of the API. */
  readonly endpoint: string;
  readonly key: Secret;
  readonly userAgent: string;
}): Promise<KeyStanding> {
  const key = await options.key.read();
  if (key.kind !== "done") return { kind: "refused", reason: key.reason };
  if (!key.value) return { kind: "noKey" };
  const http = createHttpClient({
    baseUrl: options.endpoint,
    timeoutMs: standingMs,
    userAgent: options.userAgent,
  });
  const answer = await askForQuota(http, key.value);
  if (answer.kind === "fault") return { kind: "refused", reason: `VirusTotal: ${answer.reason}.` };
  if (answer.status === 403) return { kind: "hidden" };
  const reading = answer.status === 200 ? quotaReadingFrom(answer.body) : undefined;
  if (reading)
    return { kind: "known", reading: { ...reading, quota: { ...publicKeyQuota, ...reading.quota } } };
  const unexpected = `VirusTotal answered with HTTP ${answer.status}: try again later.`;
  return { kind: "refused", reason: refusals[answer.status] ?? unexpected };
}

function nothingRead(goodForSeconds: number): QuotaReading {
  return { quota: {}, goodForSeconds };
}

/** Requests the key's quota, which spends none of it. */
function askForQuota(http: HttpClient, key: string, signal?: AbortSignal): Promise<HttpAnswer> {
  // The key is in the path, which nothing logs: a fault's reason names no URL.
  const path = `/users/${encodeURIComponent(key)}/overall_quotas`;
  return http({ method: "GET", path, headers: { "x-apikey": key }, ...(signal && { signal }) });
}

/** Reads the body of `overall_quotas`, with only the limits that it names; `undefined` if it is something else. */
function quotaReadingFrom(body: unknown): QuotaReading | undefined {
  const quotas = quotasSchema.safeParse(body).data?.data;
  if (!quotas) return undefined;
  const day = tightest(quotas.api_requests_daily);
  const month = tightest(quotas.api_requests_monthly);
  // There is no entry for the minute: its limit shows as sixty times as much an hour.
  const hour = tightest(quotas.api_requests_hourly);
  return {
    quota: defined({
      perMinute: hour && Math.max(1, Math.floor(hour.allowed / 60)),
      perDay: day?.allowed,
      perMonth: month?.allowed,
    }),
    used: { day: day?.used ?? 0, month: month?.used ?? 0 },
    goodForSeconds: daySeconds,
  };
}

/** The smallest allowance, with as much used as leaves the smallest remainder of all pools. */
function tightest(pools: z.infer<typeof entry>): { allowed: number; used: number } | undefined {
  const all = [pools?.user, pools?.group].filter((each) => each !== undefined);
  if (all.length === 0) return undefined;
  const smallest = Math.min(...all.map((each) => each.allowed));
  const left = Math.min(...all.map((each) => each.allowed - each.used));
  return { allowed: smallest, used: Math.max(0, smallest - left) };
}
