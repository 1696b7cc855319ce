import { describe, expect, it } from "vitest";
import { casesIn } from "../support/tier";
import { faultKinds, noFaults } from "./faults";
import { runSeed } from "./seed";

const seeds = Number(process.env.CHAOS_SEEDS ?? casesIn({ quick: 1, full: 60 }));
const only = process.env.CHAOS_SEED === undefined ? undefined : Number(process.env.CHAOS_SEED);
const from = Number(process.env.CHAOS_FROM ?? 1);
const all = only === undefined ? Array.from({ length: seeds }, (_, i) => from + i) : [only];

describe("Whatever fails, and whenever the host dies", () => {
  const injected = noFaults();

  it.each(all)(
    "seed %i: one comment, every indicator accounted for, nothing claimed that no provider said",
    async (seed) => {
      const { faults, problems } = await runSeed(seed);
      for (const kind of faultKinds) injected[kind] += faults[kind];
      expect(problems, `Repeat it with: npm run test:chaos -- --seed ${seed}`).toEqual([]);
    },
  );

  it.skipIf(all.length < 5)(
    "faults of every kind were injected (skipped for a few seeds: they may not have all)",
    () => {
      console.log("Faults injected:", injected);
      expect(faultKinds.filter((kind) => injected[kind] === 0)).toEqual([]);
    },
  );
});
