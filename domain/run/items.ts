import { mergeFiles } from "../indicators/files";
import { type Indicator, type IndicatorKind, indicatorKey, keysOf } from "../indicators/indicator";
import { defined } from "../json";
import { hashesIn, type Lookup, type Lookups, type ReportItem } from "../report/report";
import { verdicts } from "../verdict";
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

/**
 * The items, with those merged that answers show to be the same file, so that each file is one row, one card and counts
 * once. A file without a name in the incident gets the name that a service knows.
 */
export function mergedItems(items: readonly ReportItem[]): readonly ReportItem[] {
  const merged = mergeFiles(
    items.map(({ indicator }) => indicator),
    items.map(({ lookups }) => Object.values(lookups).flatMap(hashesIn)),
  );
  return merged.map(({ indicator, positions }) => {
    const same = positions.flatMap((position) => items[position] ?? []);
    const before = same.flatMap((item) => (item.before ? [item.before] : []));
    return {
      indicator: named(indicator, same),
      lookups: bestOf(same.map(({ lookups }) => lookups)),
      ...defined({ before: before.length > 0 ? bestOf(before) : undefined }),
    };
  });
}

function named(indicator: Indicator, same: readonly ReportItem[]): Indicator {
  if (indicator.kind !== "file" || indicator.names?.length) return indicator;
  const name = same
    .flatMap(({ lookups }) => Object.values(lookups))
    .flatMap((lookup) => (lookup.kind === "answered" ? (lookup.answer.name ?? []) : []))[0];
  return name === undefined ? indicator : { ...indicator, names: [name] };
}

/** The most informative lookup first; of several answers the worst. */
const order: readonly Lookup["kind"][] = [
  "answered",
  "notKnown",
  "noOpinion",
  "open",
  "notChecked",
  "failed",
  "notAnswered",
  "off",
];

function rankOf(lookup: Lookup): number {
  const verdict = lookup.kind === "answered" ? verdicts.indexOf(lookup.answer.verdict) : 0;
  return order.indexOf(lookup.kind) * verdicts.length + verdict;
}

/** Each provider's most informative lookup of one file. */
function bestOf(all: readonly Lookups[]): Lookups {
  const ids = [...new Set(all.flatMap((lookups) => Object.keys(lookups)))];
  return Object.fromEntries(
    ids.flatMap((id) => {
      const [best] = all.flatMap((lookups) => lookups[id] ?? []).toSorted((a, b) => rankOf(a) - rankOf(b));
      return best ? [[id, best] as const] : [];
    }),
  );
}

interface Asked {
  readonly indicator: Indicator;
  readonly lookup: Lookup;
}

/**
 * One provider's lookups, after an answer that names other hashes of its file has also settled open lookups of those
 * hashes.
 */
export function withSharedAnswers<Query extends Asked>(queries: readonly Query[]): readonly Query[] {
  const byHash = new Map(
    queries.flatMap(({ lookup }) =>
      hashesIn(lookup).flatMap((hashes) => Object.values(hashes).map((hash) => [hash, lookup] as const)),
    ),
  );
  if (byHash.size === 0) return queries;
  return queries.map((query) => {
    const { indicator, lookup } = query;
    const shared = indicator.kind === "file" && lookup.kind === "open" && byHash.get(indicator.value);
    return shared ? { ...query, lookup: shared } : query;
  });
}
