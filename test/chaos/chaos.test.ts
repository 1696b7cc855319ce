import { describe, expect, it } from "vitest";
import { casesIn, isFull } from "../support/tier";
import { faultKinds, noFaults } from "./faults";
import { runSeed } from "./seed";

const seeds = Number(process.env.CHAOS_SEEDS ?? casesIn({ quick: 1, full: 60 }));
const only = process.env.CHAOS_SEED === undefined ? undefined : Number(process.env.CHAOS_SEED);
const from = Number(process.env.CHAOS_FROM ?? 1);
const merges = process.env.CHAOS_MERGES === "all" ? "all" : "half";
/** It doubles the time of a seed: not for `npm test`. */
const isCompared = isFull || process.env.CHAOS_SEEDS !== undefined;
const all = only === undefined ? Array.from({ length: seeds }, (_, i) => from + i) : [only];

/**
 * Where lookups can fail, which of them do is chance: a seed's two sums of about 14 differ by 7 (standard deviation), so
 * that over this many seeds the ratio differs from 1 by up to 0.03. The exact checks are those of each seed.
 */
const enoughSeeds = 300;
const mostByChance = 1.1;

describe("Whatever fails, and whenever the host dies", () => {
  const injected = noFaults();
  const sumOf = () => ({ seeds: 0, merged: 0, unmerged: 0 });
  const sums = { cannotFail: sumOf(), canFail: sumOf() };

  it.each(all)(
    "seed %i: one comment, every indicator accounted for, nothing claimed that no provider said",
    async (seed) => {
      const result = await runSeed(seed, { merges, isCompared });
      for (const kind of faultKinds) injected[kind] += result.faults[kind];
      if (result.lookups) {
        const { canFail, merged, unmerged } = result.lookups;
        const sum = canFail ? sums.canFail : sums.cannotFail;
        sum.seeds++;
        sum.merged += merged;
        sum.unmerged += unmerged;
      }
      const again = `npm run test:chaos -- --seed ${seed}${merges === "all" ? " --merges" : ""}`;
      expect(result.problems, `Repeat it with: ${again}`).toEqual([]);
    },
  );

  it.skipIf(all.length < 5)(
    "faults of every kind were injected (skipped for a few seeds: they may not have all)",
    () => {
      console.log("Faults injected:", injected);
      expect(faultKinds.filter((kind) => injected[kind] === 0)).toEqual([]);
    },
  );

  it("merges add nothing to the lookups at VirusTotal", () => {
    for (const [title, { seeds, merged, unmerged }, most] of [
      ["cannot fail", sums.cannotFail, 1],
      ["can fail", sums.canFail, mostByChance],
    ] as const) {
      if (seeds === 0) continue;
      const ratio = merged / unmerged;
      console.log(
        `Lookups that ${title}: ${merged} with merges, ${unmerged} without, ${ratio.toFixed(3)} (${seeds} seeds)`,
      );
      if (seeds >= enoughSeeds) expect(ratio).toBeLessThanOrEqual(most);
    }
  });
});
