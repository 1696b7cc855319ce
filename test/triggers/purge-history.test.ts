import { describe, expect, it } from "vitest";
import type { LookupCache } from "../../domain/lookups/lookup-cache";
import { createPurgeHistory } from "../../triggers/purge-history";
import { fakeTaskHub } from "../support/fake-task-hub";
import { quietContext } from "../support/requests";

const dayMs = 24 * 60 * 60 * 1000;

function setUp(purge: (from: number, to: number) => Promise<number>) {
  const steps: (readonly [from: number, to: number])[] = [];
  const hub = {
    ...fakeTaskHub(),
    async purge(from: number, to: number) {
      steps.push([from, to]);
      return purge(from, to);
    },
  };
  const { context, lines } = quietContext();
  const isNow = (instant: number) => Math.abs(Date.now() - instant) < 60_000;
  const cache: Pick<LookupCache, "purge"> = {
    purge: async (before) => ({ kind: "done", value: isNow(before) ? 7 : 0 }),
  };
  const run = createPurgeHistory({ retentionDays: 30, cache, toTaskHub: () => hub });
  return { steps, lines, run: () => run({}, context) };
}

describe("purgeHistory", () => {
  it("asks for everything older than the retention, without a gap and for nothing younger", async () => {
    const { steps, lines, run } = setUp(async () => 1);
    const before = Date.now() - 30 * dayMs;
    await run();
    expect(steps[0]?.[1]).toBeGreaterThanOrEqual(before);
    expect(steps[0]?.[1]).toBeLessThanOrEqual(Date.now() - 30 * dayMs);
    for (const [i, [from]] of steps.entries()) expect(steps[i + 1]?.[1] ?? 0).toBe(from);
    for (const [from, to] of steps.slice(0, -1)) expect(to - from).toBe(dayMs);
    expect(lines.join("\n")).toContain(`"orchestrations":${steps.length},"lookups":7`);
  });

  it("goes on with the other steps when one fails, and says so", async () => {
    const { steps, lines, run } = setUp(async (from) => {
      if (from === 0) throw new Error("timed out");
      return 2;
    });
    await run();
    expect(lines.join("\n")).toContain("timed out");
    expect(lines.join("\n")).toContain(`"orchestrations":${(steps.length - 1) * 2}`);
  });
});
