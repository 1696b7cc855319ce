import { address, fileHash, unknownHash } from "../support/entities";
import type { PoolItem } from "./pool";
import type { Random } from "./random";

/** In place of a number of engines. `undefined`: the number is missing. */
const oddCounters: readonly unknown[] = [null, undefined, "54", "", -1, 1.5, [], {}, true];

const kinds = {
  file: { calm: "undetected", id: (n: number) => unknownHash(1000 + n), entity: fileHash, type: "file" },
  address: {
    calm: "harmless",
    id: (n: number) => `93.184.217.${n + 1}`,
    entity: address,
    type: "ip_address",
  },
} as const;

/**
 * Something whose number of malicious results is no number. The results beside it say what it is; without any, no one
 * can know. `n` differs from report to report and is below 250.
 */
export function drawOddReport(random: Random, n: number): PoolItem {
  const { calm, id, entity, type } = random.oneOf(Object.values(kinds));
  const results = random.oneOf([
    { verdict: "malicious", categories: { malicious: random.between(5, 54), [calm]: 10 } },
    { verdict: "clean", categories: { [calm]: random.between(20, 70) } },
    { verdict: "unknown", categories: {} },
  ] as const);
  const odd = () => random.oneOf(oddCounters);
  const stats = {
    malicious: odd(),
    suspicious: random.isTrue(0.3) ? odd() : 0,
    harmless: random.isTrue(0.3) ? odd() : calm === "harmless" ? 60 : 0,
    undetected: random.isTrue(0.3) ? odd() : 60,
  };
  return {
    entities: [entity(id(n))],
    values: [id(n)],
    verdict: results.verdict,
    report: {
      type,
      id: id(n),
      attributes: { last_analysis_stats: stats, last_analysis_results: enginesOf(results.categories) },
    },
  };
}

function enginesOf(categories: Readonly<Record<string, number>>) {
  return Object.fromEntries(
    Object.entries(categories).flatMap(([category, count]) =>
      Array.from({ length: count }, (_, i) => [`${category} ${i}`, { category, result: null }]),
    ),
  );
}
