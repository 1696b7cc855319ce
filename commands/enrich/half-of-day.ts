import { publicKeyQuota } from "../../clients/virustotal/quota";
import type { QuotaReading } from "../../domain/quota";
import type { Deployment } from "../deployment/deployment";
import { standingOfVirusTotalKey } from "../deployment/virustotal-quota";

/** What is left of half the requests that VirusTotal allows this day. */
export interface HalfOfDay {
  readonly left: number;
  /** For people. */
  readonly text: string;
}

/** Throws when the key is refused: its look-ups would all fail. */
export async function halfOfDay(deployment: Deployment): Promise<HalfOfDay> {
  const standing = await standingOfVirusTotalKey(deployment);
  switch (standing.kind) {
    case "noKey":
      return { left: Number.POSITIVE_INFINITY, text: "VirusTotal has no key, so that no quota is spent." };
    case "refused":
      throw new Error(standing.reason);
    case "untold":
      return halfFrom({ quota: publicKeyQuota, goodForSeconds: 0 }, deployment);
    case "told":
      return halfFrom(standing.reading, deployment);
  }
}

function halfFrom({ quota, used }: QuotaReading, { config }: Deployment): HalfOfDay {
  const { perDay: set } = config.virustotal.quota;
  const perDay = set === "auto" ? quota.perDay : set;
  if (perDay === 0) return { left: Number.POSITIVE_INFINITY, text: "VirusTotal sets no limit for a day." };
  const usedToday = used?.day ?? 0;
  const left = Math.max(0, Math.floor(perDay / 2) - usedToday);
  return {
    left,
    text: `VirusTotal: ${usedToday} of ${perDay} requests used today; ${left} may be spent here.`,
  };
}
