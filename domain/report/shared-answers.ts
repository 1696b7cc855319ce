import type { Indicator } from "../indicators/indicator";
import type { Outcome } from "../lookups/provider";
import type { Lookup } from "./report";

interface Asked {
  readonly indicator: Indicator;
  readonly lookup: Lookup;
}

/**
 * One provider's lookups, in which an answer that names the other hashes of its file answers for those of them that are
 * still open.
 */
export function withSharedAnswers<Query extends Asked>(queries: readonly Query[]): readonly Query[] {
  const byHash = new Map(queries.flatMap(({ lookup }) => byHashIn(lookup)));
  if (byHash.size === 0) return queries;
  return queries.map((query) => {
    const { indicator, lookup } = query;
    const shared = indicator.kind === "file" && lookup.kind === "open" && byHash.get(indicator.value);
    return shared ? { ...query, lookup: shared } : query;
  });
}

function byHashIn(lookup: Lookup): readonly (readonly [string, Outcome])[] {
  if (lookup.kind !== "answered" && lookup.kind !== "notKnown") return [];
  const { hashes = {} } = lookup.kind === "answered" ? lookup.answer : lookup;
  return Object.values(hashes).map((hash) => [hash, lookup]);
}
