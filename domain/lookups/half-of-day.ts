import { type Attempt, done, refused } from "../attempt";
import type { IndicatorKind } from "../indicators/indicator";
import type { KeyStanding } from "./key-standing";
import type { Provider } from "./provider";

/** What is left of half of a service's daily quota; the other half is for new incidents. */
export interface HalfOfDay {
  /** Title of the provider. */
  readonly title: string;
  /** The kinds of indicator that it looks up. */
  readonly kinds: readonly IndicatorKind[];
  readonly left: number;
  /** For people. */
  readonly text: string;
}

/** Refused if the key is refused, since all its lookups would fail. */
export function halfOfDay(
  { title, kinds, quota, auto }: Pick<Provider, "title" | "kinds" | "quota" | "auto">,
  standing: KeyStanding,
): Attempt<HalfOfDay> {
  const perDay = (otherwise: number) => (quota.perDay === "auto" ? otherwise : quota.perDay);
  const half = (limit: number, usedToday: number) =>
    done({ title, kinds, ...halfOf(title, limit, usedToday) });
  switch (standing.kind) {
    case "noKey":
      return done({ title, kinds, left: Number.POSITIVE_INFINITY, text: noKeyText(title) });
    case "refused":
      return refused(standing.reason);
    case "hidden":
      return half(perDay(auto?.assumed.perDay ?? 0), 0);
    case "known": {
      const { quota, used } = standing.reading;
      return half(perDay(quota.perDay), used?.day ?? 0);
    }
  }
}

export const noKeyText = (title: string) => `${title} has no key, so no quota is used.`;

function halfOf(title: string, perDay: number, usedToday: number): Pick<HalfOfDay, "left" | "text"> {
  if (perDay === 0) return { left: Number.POSITIVE_INFINITY, text: `${title} sets no limit for a day.` };
  const left = Math.max(0, Math.floor(perDay / 2) - usedToday);
  return { left, text: `${title}: ${usedToday} of ${perDay} requests used today; ${left} may be used here.` };
}
