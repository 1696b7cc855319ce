import { describe, expect, it } from "vitest";
import { casesIn } from "../support/tier";
import { faultKinds, noFaults } from "./faults";
import { runSeed } from "./seed";

const seeds = Number(process.env.CHAOS_SEEDS ?? casesIn({ quick: 1, full: 60 }));
const only = process.env.CHAOS_SEED === undefined ? undefined : Number(process.env.CHAOS_SEED);
const from = Number(process.env.CHAOS_FROM ?? 1);
const merges = process.env.CHAOS_MERGES === "all" ? "all" : "half";
const all = only === undefined ? Array.from({ length: seeds }, (_, i) => from + i) : [only];

/** Lookups that fail are repeated by every later run, and who meets a fault is chance: their sums differ a little. */
const enoughSeeds = 300;
const mostLookups = 1.05;

describe("Whatever fails, and whenever the host dies", () => {
  const injected = noFaults();
  const lookups = { seeds: 0, merged: 0, unmerged: 0 };

  it.each(all)(
    "seed %i: one comment, every indicator accounted for, nothing claimed that no provider said",
    async (seed) => {
      const result = await runSeed(seed, merges);
      for (const kind of faultKinds) injected[kind] += result.faults[kind];
      if (result.lookups) {
        lookups.seeds++;
        lookups.merged += result.lookups.merged;
        lookups.unmerged += result.lookups.unmerged;
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

  it.skipIf(merges !== "all")("merges add next to nothing to the lookups at VirusTotal", () => {
    const ratio = lookups.merged / lookups.unmerged;
    console.log(`Lookups with merges to those without: ${ratio.toFixed(3)}`, lookups);
    expect(ratio).toBeLessThan(lookups.seeds < enoughSeeds ? Number.POSITIVE_INFINITY : mostLookups);
  });
});
