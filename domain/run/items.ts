import { mergeFiles } from "../indicators/files";
import { type Indicator, type IndicatorKind, indicatorKey, keysOf } from "../indicators/indicator";
import { defined } from "../json";
import { hashesIn, type Lookup, type Lookups, type ReportItem } from "../report/report";
import { verdicts } from "../verdict";
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

const notAskedYet: Lookup = { kind: "open", cause: "quota", reason: "not asked yet", dueAt: 0, faults: 0 };

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
    return { kind: "notChecked", cause: "quota", reason: "the key's quota did not suffice" };
  if (lookup.cause === "fault") return { kind: "failed", reason: lookup.reason };
  return { kind: "notAnswered", reason: "no answer before the deadline" };
}

/** Lookups that have an outcome, of all that are to have one. */
export function progressOf(items: readonly ReportItem[]): { done: number; total: number } {
  const asked = items.flatMap(({ lookups }) => Object.values(lookups)).filter(({ kind }) => kind !== "off");
  return { done: asked.filter(({ kind }) => kind !== "open").length, total: asked.length };
}

/**
 * The items with those made one that answers show to be one file: each is one row, one card and one of the count. A file
 * that the incident gives no name has the one that a service knows it by.
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

/** What says most comes first; of several answers the worst. */
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

/** Of each provider's lookups of one file the one that says most. */
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
 * One provider's lookups, in which an answer that names the other hashes of its file answers for those of them that are
 * still open.
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
