import { type Indicator, indicatorKey } from "../../domain/indicators/indicator";
import { logSpellings, logTerm } from "../../domain/indicators/log-spelling";
import type { Terms } from "./sighting-queries";

const mostValues = 200;
/** Maximum per part of a run: a thousand values are more than an analyst will read about. */
const mostBatches = 5;

/** Indicators that one query asks about. */
export interface ContextBatch {
  readonly terms: Terms;
  /** The keys of the indicators, by the names that the query uses for them. */
  readonly keys: ReadonlyMap<string, readonly string[]>;
}

interface Spelled {
  readonly key: string;
  /** The name in the query; URLs that differ only in case share one. */
  readonly owner: string;
  readonly word: string;
  readonly spellings: readonly string[];
}

/** Batches of at most 200 values; `isWhole` is false if there are too many indicators to query all of them. */
export function contextBatches(indicators: readonly Indicator[]): {
  readonly batches: readonly ContextBatch[];
  readonly isWhole: boolean;
} {
  const batches: (readonly Spelled[])[] = [];
  let batch: Spelled[] = [];
  let values = 0;
  for (const each of indicators.map(spelled)) {
    if (each.spellings.length === 0) continue;
    if (values + each.spellings.length > mostValues) {
      batches.push(batch);
      batch = [];
      values = 0;
    }
    batch.push(each);
    values += each.spellings.length;
  }
  if (batch.length > 0) batches.push(batch);
  return { batches: batches.slice(0, mostBatches).map(batchOf), isWhole: batches.length <= mostBatches };
}

function spelled(indicator: Indicator): Spelled {
  return {
    key: indicatorKey(indicator),
    owner: indicator.value.toLowerCase(),
    word: logTerm(indicator),
    spellings: logSpellings(indicator),
  };
}

function batchOf(batch: readonly Spelled[]): ContextBatch {
  const owners = new Map<string, string>();
  const keys = new Map<string, readonly string[]>();
  const words = new Set<string>();
  for (const { key, owner, word, spellings } of batch) {
    keys.set(owner, [...(keys.get(owner) ?? []), key]);
    for (const spelling of spellings) if (!owners.has(spelling)) owners.set(spelling, owner);
    words.add(word);
  }
  const terms = { spellings: [...owners.keys()], owners: [...owners.values()], words: [...words] };
  return { terms, keys };
}
