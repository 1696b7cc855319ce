import { type FileHashes, type Indicator, indicatorKey } from "../indicators/indicator";
import { mergeFiles } from "../indicators/merge-files";
import { defined } from "../json";
import { verdicts } from "../verdict";
import type { Lookup, Lookups, ReportItem } from "./report";

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

/** The keys that the indicator may have in other readings of the incident: a file has one per hash. */
export function keysOf(indicator: Indicator): readonly string[] {
  const hashes = Object.values(indicator.hashes ?? {});
  return [
    ...new Set([indicatorKey(indicator), ...hashes.map((value) => indicatorKey({ kind: "file", value }))]),
  ];
}

/** The hashes that the answer gives for its file. */
export function hashesIn(lookup: Lookup): readonly FileHashes[] {
  if (lookup.kind === "answered") return lookup.answer.hashes ? [lookup.answer.hashes] : [];
  return lookup.kind === "notKnown" && lookup.hashes ? [lookup.hashes] : [];
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
