import type { Secret } from "../../domain/attempt";
import { type IndicatorKind, indicatorKinds } from "../../domain/indicators/indicator";
import { final, type Provider } from "../../domain/lookups/provider";
import type { QuotaSetting } from "../../domain/lookups/quota";
import type { QuotaLedger } from "../../domain/lookups/quota-ledger";
import { createHttpClient } from "../http";
import { keyIdOf } from "../secrets";
import { outcomeFrom } from "./answer";
import { createVirusTotalClient } from "./client";
import { createVirusTotalQuota } from "./quota";
import { createRelationshipAccess, withoutRelationships } from "./relationships";
import type { ThresholdsByKind } from "./thresholds";

export interface VirusTotalOptions {
  /** Base URL of the API, e.g. `https://www.virustotal.com/api/v3`. */
  readonly endpoint: string;
  readonly key: Secret;
  readonly kinds: readonly IndicatorKind[];
  readonly off: Provider["off"];
  readonly quota: QuotaSetting;
  readonly thresholds: ThresholdsByKind;
  /** Reports include related things (setting VIRUSTOTAL_RELATIONS). The ledger keeps what is refused to the key. */
  readonly relations?: { readonly ledger: QuotaLedger };
  /** Product and version. */
  readonly userAgent: string;
  /** Milliseconds for one lookup; default 18,000. */
  readonly timeoutMs?: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const id = "virustotal";

/** VirusTotal as a provider. A lookup only reads an existing report, and never submits anything. */
export function createVirusTotal(options: VirusTotalOptions): Provider {
  const { key, kinds, off, quota, thresholds, relations, userAgent, now, timeoutMs = 18_000 } = options;
  const http = createHttpClient({
    baseUrl: options.endpoint,
    timeoutMs,
    // Answers are compressed only for a user agent that names gzip (vt-py, vt/client.py).
    userAgent: `${userAgent} (gzip)`,
  });
  const keyId = () => keyIdOf(key);
  const relationships = relations
    ? createRelationshipAccess({ owner: id, keyId, ledger: relations.ledger, now })
    : withoutRelationships;
  const client = createVirusTotalClient({ http, key, relationships, userAgent, timeoutMs, now });
  return {
    id,
    title: "VirusTotal",
    kinds,
    off,
    quota,
    endpoint: options.endpoint,
    settingsKey: settingsKeyOf(thresholds) + (relations ? "" : "-without-relations"),
    ...(Object.values(quota).includes("auto") ? { auto: createVirusTotalQuota(key, http) } : {}),
    keyId,
    async consult(indicator) {
      const fetched = await client.fetchReport(indicator);
      if (fetched.kind !== "report") return fetched;
      const outcome = outcomeFrom(fetched.report, indicator, thresholds[indicator.kind], now());
      return final(outcome);
    },
  };
}

/** "5-2", or one such pair for each kind. */
function settingsKeyOf(thresholds: ThresholdsByKind): string {
  const pairs = indicatorKinds.map((kind) => {
    const { maliciousFrom, suspiciousFrom } = thresholds[kind];
    return `${maliciousFrom}-${suspiciousFrom}`;
  });
  return new Set(pairs).size === 1 ? (pairs[0] ?? "") : pairs.join("-");
}
