import type { Indicator } from "../indicators/indicator";
import { hashesIn } from "./merged-items";
import type { Lookup } from "./report";

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
