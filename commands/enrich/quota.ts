import type { TokenCredential } from "@azure/core-auth";
import { createHttpClient } from "../../clients/http";
import { createKeyVaultReader, createSecret } from "../../clients/secrets";
import { createVirusTotalQuota } from "../../clients/virustotal/quota";
import type { Config } from "../../config";
import type { QuotaReading } from "../../domain/quota";
import { counted } from "../../domain/text";

const timeoutMs = 20_000;

/** Asks VirusTotal what the key may do and has done; this costs no request. */
export function readVirusTotalQuota(
  { keyVaultUrl, virustotal, version }: Config,
  credential: TokenCredential,
): Promise<QuotaReading> {
  const key = createSecret({
    setting: "VIRUSTOTAL_API_KEY",
    vaultName: "virustotal-api-key",
    now: Date.now,
    ...(virustotal.apiKey === undefined ? {} : { value: virustotal.apiKey }),
    ...(keyVaultUrl === undefined
      ? {}
      : { vault: createKeyVaultReader({ url: keyVaultUrl, credential, timeoutMs }) }),
  });
  const userAgent = `sentinel-incident-enricher/${version}`;
  return createVirusTotalQuota(
    key,
    createHttpClient({ baseUrl: virustotal.endpoint, timeoutMs, userAgent }),
  ).read();
}

/** What is left of a quota, and what that means for so many look-ups; sentences for people. */
export function quotaText({ quota, used }: QuotaReading, lookUps: number): string {
  if (!used) return "VirusTotal did not tell what its key has left.";
  const left = { day: Math.max(0, quota.perDay - used.day), month: Math.max(0, quota.perMonth - used.month) };
  const sentences = [
    `The key has ${left.day} of ${counted(quota.perDay, "request")} left today and ${left.month} of ${quota.perMonth} this month.`,
    ...(lookUps > Math.min(left.day, left.month)
      ? ["That is not enough: what does not fit is reported as not checked."]
      : []),
    ...(quota.perMinute > 0 && lookUps > quota.perMinute
      ? [`At ${quota.perMinute} a minute this takes about ${Math.ceil(lookUps / quota.perMinute) - 1} min.`]
      : []),
  ];
  return sentences.join(" ");
}
