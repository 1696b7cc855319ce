import { type Indicator, indicatorKey } from "../indicators/indicator";
import { keysOf } from "../report/merged-items";
import type { Lookup, Lookups, ReportItem } from "../report/report";
import type { ProviderPlan } from "./settings";

/** Most indicators of a run that are looked up; the rest are counted and reported as too many. */
const mostLookedUp = 500;

/** One item per indicator before anything is asked: lookups are open where they will be made, settled elsewhere. */
export function planItems(
  providers: readonly ProviderPlan[],
  indicators: readonly Indicator[],
): readonly ReportItem[] {
  return withIndicators([], providers, indicators);
}

/** The items with those for indicators that are not among them yet. */
export function withIndicators(
  items: readonly ReportItem[],
  providers: readonly ProviderPlan[],
  indicators: readonly Indicator[],
): readonly ReportItem[] {
  const known = new Set(items.flatMap(({ indicator }) => keysOf(indicator)));
  const added = indicators.filter((indicator) => !known.has(indicatorKey(indicator)));
  return [
    ...items,
    ...added.map((indicator, i) => ({
      indicator,
      lookups: plannedLookups(providers, indicator, items.length + i),
    })),
  ];
}

function plannedLookups(providers: readonly ProviderPlan[], { kind }: Indicator, position: number): Lookups {
  return Object.fromEntries(
    providers.flatMap(({ id, kinds, off }): (readonly [string, Lookup])[] => {
      const reason = off[kind];
      if (reason !== undefined) return [[id, { kind: "off", reason }]];
      if (!kinds.includes(kind)) return [];
      return [[id, position < mostLookedUp ? notAskedYet : tooMany]];
    }),
  );
}

const notAskedYet: Lookup = {
  kind: "open",
  cause: "quota",
  reason: "not looked up yet",
  dueAt: 0,
  faults: 0,
};

const tooMany: Lookup = {
  kind: "notChecked",
  cause: "tooMany",
  reason: `only the first ${mostLookedUp} indicators of an incident are looked up`,
};

/** Whether a provider has still to be asked about the item, or to answer. */
export const hasOpenLookup = ({ lookups }: ReportItem): boolean =>
  Object.values(lookups).some(({ kind }) => kind === "open");

/** The item when nothing is waited for any more: what is open is now missing, by its cause. */
export function closed(item: ReportItem): ReportItem {
  const lookups = Object.entries(item.lookups).map(([id, lookup]) => [id, closedLookup(lookup)]);
  return { ...item, lookups: Object.fromEntries(lookups) };
}

function closedLookup(lookup: Lookup): Lookup {
  if (lookup.kind !== "open") return lookup;
  if (lookup.cause === "quota")
    return { kind: "notChecked", cause: "quota", reason: "the key's quota was not sufficient" };
  if (lookup.cause === "fault") return { kind: "failed", reason: lookup.reason };
  return { kind: "notAnswered", reason: "no answer before the deadline" };
}

/** Lookups that have an outcome, of all that are to have one. */
export function progressOf(items: readonly ReportItem[]): { done: number; total: number } {
  const asked = items.flatMap(({ lookups }) => Object.values(lookups)).filter(({ kind }) => kind !== "off");
  return { done: asked.filter(({ kind }) => kind !== "open").length, total: asked.length };
}
