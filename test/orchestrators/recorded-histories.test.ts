import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadApp } from "../../local/host/core-module";
import { orchestratorNames } from "../../orchestrators/names";
import { recordedHistories, recordedTurns, replayedTurns } from "../support/replay-history";

const support = join(__dirname, "../support");

function appUnderTest(file: string) {
  Object.assign(globalThis, { activitiesUnderTest: {} });
  return loadApp(join(support, file), () => {});
}

describe("A run that an earlier release left open ends on this one: at every turn it goes on as recorded", () => {
  it.each(recordedHistories)("$release, $story: $orchestrator", async ({ recorded }) => {
    const turns = await replayedTurns(appUnderTest("orchestrators-app.cjs"), recorded);
    expect(turns).toEqual(recordedTurns(recorded));
  });

  it("and the recordings are of every orchestrator, to its end", () => {
    expect(new Set(recordedHistories.map(({ orchestrator }) => orchestrator))).toEqual(
      new Set(Object.values(orchestratorNames)),
    );
    for (const { recorded } of recordedHistories)
      expect(recordedTurns(recorded).at(-1)?.ended).toBe("Completed");
  });
});

describe("An orchestrator that does something else first", () => {
  it("disagrees with what was recorded", async () => {
    const recorded = recordedHistories.find(
      ({ orchestrator }) => orchestrator === "consultProvider",
    )?.recorded;
    if (!recorded) throw new Error("Nothing is recorded.");
    const [, second] = await replayedTurns(appUnderTest("changed-orchestrators-app.cjs"), recorded);
    expect(second?.ended).toMatch(/^Failed: .*Non-Deterministic/);
  });
});
