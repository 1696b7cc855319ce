import { createHttpClient } from "../../clients/http";
import { askForQuota, publicKeyQuota, quotaReadingFrom } from "../../clients/virustotal/quota";
import type { Quota, QuotaReading } from "../../domain/lookups/quota";
import type { Access } from "./access";

/** A limit that VirusTotal does not name is a public key's. */
export type KeyQuota = QuotaReading & { readonly quota: Quota };

/** What VirusTotal says of an app's key. */
export type KeyStanding =
  | { readonly kind: "noKey" }
  | { readonly kind: "told"; readonly reading: KeyQuota }
  /** The key is good, and its quota is its owner's secret. */
  | { readonly kind: "untold" }
  | { readonly kind: "refused"; readonly reason: string };

const refusals: Readonly<Record<number, string>> = {
  401: "VirusTotal rejected the API key (HTTP 401): store a valid one as virustotal-api-key.",
  429: "VirusTotal's quota is spent (HTTP 429): the day's returns at 00:00 UTC.",
};

/** Asks for the quota, which costs none. Never throws. */
export async function standingOfVirusTotalKey(access: Access): Promise<KeyStanding> {
  const { config, secrets, userAgent, timeoutMs } = access;
  const key = await secrets.virustotal.read();
  if (key.kind !== "done") return { kind: "refused", reason: key.reason };
  if (!key.value) return { kind: "noKey" };
  const http = createHttpClient({ baseUrl: config.virustotal.endpoint, timeoutMs, userAgent });
  const answer = await askForQuota(http, key.value);
  if (answer.kind === "fault") return { kind: "refused", reason: `VirusTotal: ${answer.reason}.` };
  if (answer.status === 403) return { kind: "untold" };
  const reading = answer.status === 200 ? quotaReadingFrom(answer.body) : undefined;
  if (reading)
    return { kind: "told", reading: { ...reading, quota: { ...publicKeyQuota, ...reading.quota } } };
  const unexpected = `VirusTotal answered with HTTP ${answer.status}: try again later.`;
  return { kind: "refused", reason: refusals[answer.status] ?? unexpected };
}
