import { type Indicator, type IndicatorKind, indicatorKey } from "../indicators/indicator";
import { keysOf } from "../report/merged-items";
import type { Lookup, Lookups, ReportItem } from "../report/report";
import type { ProviderPlan } from "./settings";

/** Maximum number of indicators that a run looks up; the others are reported as too many. */
const mostLookedUp = 500;

/** One item per indicator, before any lookup: lookups that will be made are open, the others are settled. */
export function planItems(
  providers: readonly ProviderPlan[],
  indicators: readonly Indicator[],
): readonly ReportItem[] {
  return withIndicators([], providers, indicators);
}

/** The items, plus items for indicators that are new. */
export function withIndicators(
  items: readonly ReportItem[],
  providers: readonly ProviderPlan[],
  indicators: readonly Indicator[],
): readonly ReportItem[] {
  const known = new Set(items.flatMap(({ indicator }) => keysOf(indicator)));
  const added = indicators.filter((indicator) => !known.has(indicatorKey(indicator)));
  const [planned, beyond] = [plannedLookups(providers, notAskedYet), plannedLookups(providers, tooMany)];
  return [
    ...items,
    ...added.map((indicator, i) => ({
      indicator,
      lookups: (items.length + i < mostLookedUp ? planned : beyond)[indicator.kind],
    })),
  ];
}

/** What an indicator of each kind begins with. */
function plannedLookups(
  providers: readonly ProviderPlan[],
  lookup: Lookup,
): Readonly<Record<IndicatorKind, Lookups>> {
  const ofKind = (kind: IndicatorKind): Lookups =>
    Object.fromEntries(
      providers.flatMap(({ id, kinds, off }): (readonly [string, Lookup])[] => {
        const reason = off[kind];
        if (reason !== undefined) return [[id, { kind: "off", reason }]];
        return kinds.includes(kind) ? [[id, lookup]] : [];
      }),
    );
  return { file: ofKind("file"), url: ofKind("url"), domain: ofKind("domain"), address: ofKind("address") };
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

/** Whether a lookup of the item is still open. */
export const hasOpenLookup = ({ lookups }: ReportItem): boolean =>
  Object.values(lookups).some(({ kind }) => kind === "open");

/** The item after the deadline: open lookups become missing ones, according to their causes. */
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

/** How many lookups have an outcome, and how many there are in total. */
export function progressOf(items: readonly ReportItem[]): { done: number; total: number } {
  const asked = items.flatMap(({ lookups }) => Object.values(lookups)).filter(({ kind }) => kind !== "off");
  return { done: asked.filter(({ kind }) => kind !== "open").length, total: asked.length };
}
