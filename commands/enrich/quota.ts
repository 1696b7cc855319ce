import { publicKeyQuota } from "../../clients/virustotal/quota";
import type { QuotaSetting } from "../../domain/lookups/quota";
import { counted } from "../../domain/text";
import type { KeyQuota, KeyStanding } from "../deployment/virustotal-quota";

const noKey = "VirusTotal has no key, so that no quota is spent.";

/** What is left of the key's quota, and what that means for so many lookups; sentences for people. */
export function quotaText(standing: KeyStanding, lookups: number): string {
  switch (standing.kind) {
    case "noKey":
      return noKey;
    case "refused":
      return standing.reason;
    case "untold":
      return "VirusTotal did not tell what its key has left.";
    case "told":
      return leftText(standing.reading, lookups);
  }
}

function leftText({ quota, used = { day: 0, month: 0 } }: KeyQuota, lookups: number): string {
  const left = { day: Math.max(0, quota.perDay - used.day), month: Math.max(0, quota.perMonth - used.month) };
  const sentences = [
    `The key has ${left.day} of ${counted(quota.perDay, "request")} left today and ${left.month} of ${quota.perMonth} this month.`,
    ...(lookups > Math.min(left.day, left.month)
      ? ["That is not enough: what does not fit is reported as not checked."]
      : []),
    ...(quota.perMinute > 0 && lookups > quota.perMinute
      ? [`At ${quota.perMinute} a minute this takes about ${Math.ceil(lookups / quota.perMinute) - 1} min.`]
      : []),
  ];
  return sentences.join(" ");
}

/** What is left of half the requests that VirusTotal allows this day. */
interface HalfOfDay {
  readonly left: number;
  /** For people. */
  readonly text: string;
}

/** `perDay` is the app's setting. Throws when the key is refused: its lookups would all fail. */
export function halfOfDay(standing: KeyStanding, { perDay }: QuotaSetting): HalfOfDay {
  switch (standing.kind) {
    case "noKey":
      return { left: Number.POSITIVE_INFINITY, text: noKey };
    case "refused":
      throw new Error(standing.reason);
    case "untold":
      return halfOf(perDay === "auto" ? publicKeyQuota.perDay : perDay, 0);
    case "told": {
      const { quota, used } = standing.reading;
      return halfOf(perDay === "auto" ? quota.perDay : perDay, used?.day ?? 0);
    }
  }
}

function halfOf(perDay: number, usedToday: number): HalfOfDay {
  if (perDay === 0) return { left: Number.POSITIVE_INFINITY, text: "VirusTotal sets no limit for a day." };
  const left = Math.max(0, Math.floor(perDay / 2) - usedToday);
  return {
    left,
    text: `VirusTotal: ${usedToday} of ${perDay} requests used today; ${left} may be spent here.`,
  };
}
