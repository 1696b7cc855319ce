import { describe, expect, it } from "vitest";
import { casesIn, isFull } from "../support/tier";
import { faultKinds, noFaults } from "./faults";
import { type LookupSum, runSeed, type SeedResult } from "./seed";

const seeds = Number(process.env.CHAOS_SEEDS ?? casesIn({ quick: 1, full: 60 }));
const only = process.env.CHAOS_SEED === undefined ? undefined : Number(process.env.CHAOS_SEED);
const from = Number(process.env.CHAOS_FROM ?? 1);
const merges = process.env.CHAOS_MERGES === "all" ? "all" : "half";
/** It doubles the time of a seed: not for `npm test`. */
const isCompared = isFull || process.env.CHAOS_SEEDS !== undefined;
const all = only === undefined ? Array.from({ length: seeds }, (_, i) => from + i) : [only];

/**
 * Where lookups can fail, later runs look up what earlier ones could not, and merges bring later runs: more is asked for,
 * but nothing more often, except by chance.
 */
const enoughSeeds = 300;
const mostByChance = 1.05;

describe("Whatever fails, and whenever the host dies", () => {
  const injected = noFaults();
  const compared: NonNullable<SeedResult["lookups"]>[] = [];

  it.each(all)(
    "seed %i: one comment, every indicator accounted for, nothing claimed that no provider said",
    async (seed) => {
      const result = await runSeed(seed, { merges, isCompared });
      for (const kind of faultKinds) injected[kind] += result.faults[kind];
      if (result.lookups) compared.push(result.lookups);
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

  it.each([
    { title: "cannot fail", canFail: false, most: 1.005 },
    { title: "can fail", canFail: true, most: mostByChance },
  ])(
    "with merges nothing is looked up more often at VirusTotal where lookups $title",
    ({ title, canFail, most }) => {
      const pairs = compared.filter((each) => each.canFail === canFail);
      if (pairs.length === 0) return;
      const merged = sumOf(pairs.map((pair) => pair.merged));
      const unmerged = sumOf(pairs.map((pair) => pair.unmerged));
      const ratio = merged.requests / merged.subjects / (unmerged.requests / unmerged.subjects);
      const shown = ({ requests, subjects }: LookupSum) => `${requests} for ${subjects} subjects`;
      console.log(
        `Lookups that ${title}: ${shown(merged)} with merges, ${shown(unmerged)} without, ${ratio.toFixed(3)} (${pairs.length} seeds)`,
      );
      if (pairs.length >= enoughSeeds) expect(ratio).toBeLessThanOrEqual(most);
    },
  );
});

const sumOf = (sums: readonly LookupSum[]): LookupSum => ({
  requests: sums.reduce((sum, { requests }) => sum + requests, 0),
  subjects: sums.reduce((sum, { subjects }) => sum + subjects, 0),
});
