import type { IndicatorKind } from "../indicators/indicator";
import type { ProviderPlan, RunSettings } from "./settings";

/** The header by which an automation rule's playbook excludes parts of a run. It never adds any. */
export const exclusionsHeader = "x-enricher-without";

/** What a word of the header excludes: kinds of indicator at its provider, or the submission of alerts. */
export type Exclusion = readonly IndicatorKind[] | "alerts";

/** The header's words, by provider id. */
export type Exclusions = Readonly<Record<string, Readonly<Record<string, Exclusion>>>>;

type Exclude = (settings: RunSettings, reason: string) => RunSettings;

type Remaining =
  | { readonly kind: "settings"; readonly settings: RunSettings }
  /** Says which word is unknown, and which ones are known. */
  | { readonly kind: "refused"; readonly reason: string };

/** The settings without what the header excludes; its words are separated by commas, and case does not matter. */
export function withoutExcluded(
  settings: RunSettings,
  header: string | null,
  exclusions: Exclusions,
): Remaining {
  const parts = new Map(
    Object.entries(exclusions).flatMap(([providerId, words]) =>
      Object.entries(words).map(([word, taken]): [string, Exclude] => [
        word,
        taken === "alerts" ? withoutAlerts : withoutKinds(providerId, taken),
      ]),
    ),
  );
  const words = (header ?? "")
    .split(",")
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== "");
  if (words.some((word) => !parts.has(word))) {
    const known = [...parts.keys()].sort().join(", ");
    return { kind: "refused", reason: `${exclusionsHeader} has an unknown word. It knows ${known}.` };
  }
  const exclude = (rest: RunSettings, word: string) => parts.get(word)?.(rest, reasonFor(word)) ?? rest;
  return { kind: "settings", settings: words.reduce(exclude, settings) };
}

function reasonFor(word: string): string {
  return `the automation rule switches this off (${exclusionsHeader}: ${word})`;
}

function withoutAlerts(settings: RunSettings, reason: string): RunSettings {
  return settings.alerts === "off" ? settings : { ...settings, alerts: "off", alertsOff: reason };
}

/** Kinds that a setting switches off keep that reason, because without the word they would still be off. */
function withoutKinds(providerId: string, kinds: readonly IndicatorKind[]): Exclude {
  return (settings, reason) => ({
    ...settings,
    providers: settings.providers.map((plan) =>
      plan.id === providerId ? planWithout(plan, kinds, reason) : plan,
    ),
  });
}

function planWithout(plan: ProviderPlan, kinds: readonly IndicatorKind[], reason: string): ProviderPlan {
  const taken = plan.kinds.filter((kind) => kinds.includes(kind));
  return {
    ...plan,
    kinds: plan.kinds.filter((kind) => !kinds.includes(kind)),
    off: { ...Object.fromEntries(taken.map((kind) => [kind, reason])), ...plan.off },
  };
}
