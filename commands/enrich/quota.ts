import { isNoLimit, type KeyQuota, type KeyStanding } from "../../domain/lookups/quota";
import { noKeyText } from "../../domain/run/catch-up";
import { counted } from "../../domain/text";

/** What is left of the key's quota, and what that means for so many lookups; sentences for people. */
export function quotaText(title: string, standing: KeyStanding, lookups: number): string {
  switch (standing.kind) {
    case "noKey":
      return noKeyText(title);
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
  const isUnlimited = isNoLimit(quota.perDay) && isNoLimit(quota.perMonth);
  const sentences = [
    isUnlimited
      ? "The key has no limit for a day or a month."
      : `The key has ${left.day} of ${counted(quota.perDay, "request")} left today and ${left.month} of ${quota.perMonth} this month.`,
    ...(lookups > Math.min(left.day, left.month)
      ? ["That is not enough: the remaining lookups are reported as not checked."]
      : []),
    ...(quota.perMinute > 0 && lookups > quota.perMinute
      ? [`At ${quota.perMinute} a minute this takes about ${Math.ceil(lookups / quota.perMinute) - 1} min.`]
      : []),
  ];
  return sentences.join(" ");
}
