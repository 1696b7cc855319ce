import type { IndicatorKind } from "../indicators/indicator";
import type { ProviderPlan, RunSettings } from "./settings";

/** The header by which an automation rule's playbook takes parts out of a run. It never puts any in. */
export const narrowingHeader = "x-enricher-without";

/** What a word of the header takes out: kinds of indicators at its provider, or the submission of alerts. */
export type Exclusion = readonly IndicatorKind[] | "alerts";

/** The header's words, by provider id. */
export type Exclusions = Readonly<Record<string, Readonly<Record<string, Exclusion>>>>;

type Narrow = (settings: RunSettings, reason: string) => RunSettings;

type Narrowed =
  | { readonly kind: "settings"; readonly settings: RunSettings }
  /** Says which word is unknown, and which ones are known. */
  | { readonly kind: "refused"; readonly reason: string };

/** The settings without what the header names; its words are separated by commas, in any case of letters. */
export function narrowed(settings: RunSettings, header: string | null, exclusions: Exclusions): Narrowed {
  const parts = new Map(
    Object.entries(exclusions).flatMap(([providerId, words]) =>
      Object.entries(words).map(([word, taken]): [string, Narrow] => [
        word,
        taken === "alerts" ? withoutAlerts : without(providerId, taken),
      ]),
    ),
  );
  const words = (header ?? "")
    .split(",")
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== "");
  if (words.some((word) => !parts.has(word))) {
    const known = [...parts.keys()].sort().join(", ");
    return { kind: "refused", reason: `${narrowingHeader} has an unknown word. It knows ${known}.` };
  }
  const narrow = (rest: RunSettings, word: string) => parts.get(word)?.(rest, reasonFor(word)) ?? rest;
  return { kind: "settings", settings: words.reduce(narrow, settings) };
}

function reasonFor(word: string): string {
  return `the automation rule switches this off (${narrowingHeader}: ${word})`;
}

function withoutAlerts(settings: RunSettings, reason: string): RunSettings {
  return settings.alerts === "off" ? settings : { ...settings, alerts: "off", alertsOff: reason };
}

/** What is off by a setting keeps that reason: taking the word away would not switch it on. */
function without(providerId: string, kinds: readonly IndicatorKind[]): Narrow {
  return (settings, reason) => ({
    ...settings,
    providers: settings.providers.map((plan) =>
      plan.id === providerId ? narrowPlan(plan, kinds, reason) : plan,
    ),
  });
}

function narrowPlan(plan: ProviderPlan, kinds: readonly IndicatorKind[], reason: string): ProviderPlan {
  const taken = plan.kinds.filter((kind) => kinds.includes(kind));
  return {
    ...plan,
    kinds: plan.kinds.filter((kind) => !kinds.includes(kind)),
    off: { ...Object.fromEntries(taken.map((kind) => [kind, reason])), ...plan.off },
  };
}
