import type { CreatedProvider } from "../../clients/providers";
import type { Indicator } from "../../domain/indicators/indicator";
import { kindCounts } from "../../domain/indicators/label";
import { counted } from "../../domain/text";

/** What a run will ask one provider. */
interface Cost {
  readonly title: string;
  readonly lookups: number;
  /** For people: "2 lookups (1 file, 1 URL)". */
  readonly text: string;
}

/** How many of the indicators a provider will look up, by the kinds that are on. */
export function costOf({ provider, hasSecrets }: CreatedProvider, indicators: readonly Indicator[]): Cost {
  const { title, kinds } = provider;
  if (!hasSecrets) return { title, lookups: 0, text: "off, it has no key" };
  const asked = indicators.filter(({ kind }) => kinds.includes(kind));
  const lookups = asked.length;
  const text = `${counted(lookups, "lookup")}${lookups > 0 ? ` (${kindCounts(asked).join(", ")})` : ""}`;
  return { title, lookups, text };
}
