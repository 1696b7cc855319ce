import type { KeyQuota, KeyStanding } from "../../clients/provider-description";
import type { Provider } from "../../domain/lookups/provider";
import { counted } from "../../domain/text";

const noKey = (title: string) => `${title} has no key, so no quota is used.`;

/** What is left of the key's quota, and what that means for so many lookups; sentences for people. */
export function quotaText(title: string, standing: KeyStanding, lookups: number): string {
  switch (standing.kind) {
    case "noKey":
      return noKey(title);
    case "refused":
      return standing.reason;
    case "hidden":
      return `${title} does not say how much quota the key has left.`;
    case "known":
      return leftText(standing.reading, lookups);
  }
}

function leftText({ quota, used = { day: 0, month: 0 } }: KeyQuota, lookups: number): string {
  const left = { day: Math.max(0, quota.perDay - used.day), month: Math.max(0, quota.perMonth - used.month) };
  // What VirusTotal says of a key without limits.
  const isUnlimited = Math.min(quota.perDay, quota.perMonth) >= 1_000_000_000;
  const sentences = [
    isUnlimited
      ? "The key has no limit for a day or a month."
      : `The key has ${left.day} of ${counted(quota.perDay, "request")} left today and ${left.month} of ${quota.perMonth} this month.`,
    ...(lookups > Math.min(left.day, left.month)
      ? ["That is not enough: the rest is reported as not checked."]
      : []),
    ...(quota.perMinute > 0 && lookups > quota.perMinute
      ? [`At ${quota.perMinute} a minute this takes about ${Math.ceil(lookups / quota.perMinute) - 1} min.`]
      : []),
  ];
  return sentences.join(" ");
}

/** What is left of half the requests that a service allows this day. */
export interface HalfOfDay {
  readonly left: number;
  /** For people. */
  readonly text: string;
}

/** Throws when the key is refused: its lookups would all fail. */
export function halfOfDay(
  { title, quota, auto }: Pick<Provider, "title" | "quota" | "auto">,
  standing: KeyStanding,
): HalfOfDay {
  const perDay = (otherwise: number) => (quota.perDay === "auto" ? otherwise : quota.perDay);
  switch (standing.kind) {
    case "noKey":
      return { left: Number.POSITIVE_INFINITY, text: noKey(title) };
    case "refused":
      throw new Error(standing.reason);
    case "hidden":
      return halfOf(title, perDay(auto?.assumed.perDay ?? 0), 0);
    case "known": {
      const { quota, used } = standing.reading;
      return halfOf(title, perDay(quota.perDay), used?.day ?? 0);
    }
  }
}

function halfOf(title: string, perDay: number, usedToday: number): HalfOfDay {
  if (perDay === 0) return { left: Number.POSITIVE_INFINITY, text: `${title} sets no limit for a day.` };
  const left = Math.max(0, Math.floor(perDay / 2) - usedToday);
  return { left, text: `${title}: ${usedToday} of ${perDay} requests used today; ${left} may be used here.` };
}
