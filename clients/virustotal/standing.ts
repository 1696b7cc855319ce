import type { Secret } from "../../domain/attempt";
import type { KeyStanding } from "../../domain/lookups/key-standing";
import { createHttpClient } from "../http";
import type { ServiceCheck } from "../provider-description";
import { askForQuota, publicKeyQuota, quotaReadingFrom } from "./quota";

const timeoutMs = 20_000;

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
  const http = createHttpClient({ baseUrl: options.endpoint, timeoutMs, userAgent: options.userAgent });
  const answer = await askForQuota(http, key.value);
  if (answer.kind === "fault") return { kind: "refused", reason: `VirusTotal: ${answer.reason}.` };
  if (answer.status === 403) return { kind: "hidden" };
  const reading = answer.status === 200 ? quotaReadingFrom(answer.body) : undefined;
  if (reading)
    return { kind: "known", reading: { ...reading, quota: { ...publicKeyQuota, ...reading.quota } } };
  const unexpected = `VirusTotal answered with HTTP ${answer.status}: try again later.`;
  return { kind: "refused", reason: refusals[answer.status] ?? unexpected };
}

/** The key's standing as a line for operators. */
export function checkKey(standing: KeyStanding, { setting }: Pick<Secret, "setting">): ServiceCheck {
  switch (standing.kind) {
    case "noKey":
      return { state: "off", text: `no API key: set ${setting}` };
    case "hidden":
      return { state: "ok", text: "key accepted; VirusTotal shows its quota to the key's owner only" };
    case "refused":
      return { state: "failed", text: standing.reason };
    case "known": {
      const { quota, used = { day: 0, month: 0 } } = standing.reading;
      const text = `key accepted; ${used.day} of ${quota.perDay} requests used today, ${used.month} of ${quota.perMonth} this month, ${quota.perMinute} a minute`;
      const isSpent = used.day >= quota.perDay || used.month >= quota.perMonth;
      return isSpent
        ? { state: "failed", text: `${text}: the quota is spent, it returns at 00:00 UTC` }
        : { state: "ok", text };
    }
  }
}
