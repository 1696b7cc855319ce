import { z } from "zod";
import type { Secret } from "../../domain/attempt";
import { indicatorKinds } from "../../domain/indicators/indicator";
import { switchedOffBy } from "../../domain/lookups/provider";
import { isNoLimit, type KeyStanding } from "../../domain/lookups/quota";
import { describeProvider, type ServiceCheck } from "../provider-description";
import { endpoint, listOf, switched, wholeNumber } from "../setting-values";
import { createVirusTotal } from "./provider";
import { standingOfKey } from "./quota";
import { countByKind, thresholdConflicts, thresholdsByKind } from "./thresholds";

const kindNamed = (name: string) => indicatorKinds.find((kind) => kind === name);

const requests = z
  .union([z.literal("auto"), wholeNumber(0)], { error: "must be auto or a whole number, 0 for no limit" })
  .default("auto");

export const virustotal = describeProvider({
  id: "virustotal",
  title: "VirusTotal",
  linkHosts: ["www.virustotal.com"],
  secrets: { key: { setting: "VIRUSTOTAL_API_KEY", vaultName: "virustotal-api-key" } },
  settings: {
    VIRUSTOTAL_ENDPOINT: endpoint().default("https://www.virustotal.com/api/v3"),
    VIRUSTOTAL_KINDS: listOf(kindNamed, `one of ${indicatorKinds.join(", ")}`).default([...indicatorKinds]),
    VIRUSTOTAL_REQUESTS_PER_MINUTE: requests,
    VIRUSTOTAL_REQUESTS_PER_DAY: requests,
    VIRUSTOTAL_REQUESTS_PER_MONTH: requests,
    VIRUSTOTAL_MALICIOUS_FROM: countByKind(5),
    VIRUSTOTAL_SUSPICIOUS_FROM: countByKind(2),
    VIRUSTOTAL_RELATIONS: switched.default(true),
  },
  conflicts: ({ VIRUSTOTAL_MALICIOUS_FROM: malicious, VIRUSTOTAL_SUSPICIOUS_FROM: suspicious }) =>
    thresholdConflicts(malicious, suspicious),
  exclusions: { virustotal: indicatorKinds },

  create(settings, { secrets: { key }, ledger, userAgent, now }) {
    const { VIRUSTOTAL_ENDPOINT: endpoint, VIRUSTOTAL_KINDS: kinds } = settings;
    const off = indicatorKinds
      .filter((kind) => !kinds.includes(kind))
      .map((kind) => [kind, switchedOffBy("VIRUSTOTAL_KINDS")]);
    const standing = () => standingOfKey({ endpoint, key, userAgent });
    return {
      provider: createVirusTotal({
        endpoint,
        key,
        kinds,
        off: Object.fromEntries(off),
        quota: {
          perMinute: settings.VIRUSTOTAL_REQUESTS_PER_MINUTE,
          perDay: settings.VIRUSTOTAL_REQUESTS_PER_DAY,
          perMonth: settings.VIRUSTOTAL_REQUESTS_PER_MONTH,
        },
        thresholds: thresholdsByKind(settings.VIRUSTOTAL_MALICIOUS_FROM, settings.VIRUSTOTAL_SUSPICIOUS_FROM),
        ...(settings.VIRUSTOTAL_RELATIONS ? { relations: { ledger } } : {}),
        userAgent,
        now,
      }),
      check: async () => checkKey(await standing(), key),
      standing,
    };
  },
});

/** The key's standing as a line for operators. */
function checkKey(standing: KeyStanding, { setting }: Pick<Secret, "setting">): ServiceCheck {
  switch (standing.kind) {
    case "noKey":
      return { state: "off", text: `no API key: set ${setting}` };
    case "hidden":
      return { state: "ok", text: "key accepted; VirusTotal shows its quota to the key's owner only" };
    case "refused":
      return { state: "failed", text: standing.reason };
    case "known": {
      const { quota, used = { day: 0, month: 0 } } = standing.reading;
      const text = `key accepted; requests used: ${usedText(used.day, quota.perDay)} today, ${usedText(used.month, quota.perMonth)} this month; ${quota.perMinute} a minute`;
      const isSpent = used.day >= quota.perDay || used.month >= quota.perMonth;
      return isSpent
        ? { state: "failed", text: `${text}: the quota is spent, it returns at 00:00 UTC` }
        : { state: "ok", text };
    }
  }
}

function usedText(used: number, limit: number): string {
  return isNoLimit(limit) ? `${used} (no limit)` : `${used} of ${limit}`;
}
