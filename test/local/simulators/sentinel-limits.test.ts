import { describe, expect, it } from "vitest";
import { createSentinelLimits } from "../../../local/simulators/sentinel-limits";
import { manualClock } from "../../support/manual-clock";

const minute = 60_000;

describe("Sentinel's documented minimum", () => {
  it.each([
    ["PUT comment", 75],
    ["PUT incident", 75],
    ["POST entities", 100],
    ["GET comment", 100],
  ])("lets %s through %i times in five minutes, each apart from the others", (operation, most) => {
    const clock = manualClock();
    const limits = createSentinelLimits(clock);
    for (let i = 0; i < most; i++) expect(limits.take(operation)).toBeUndefined();
    expect(limits.take(operation)).toBe(300);
    expect(limits.take(operation === "GET comment" ? "PUT comment" : "GET comment")).toBeUndefined();
    clock.set(5 * minute - 500);
    expect(limits.take(operation)).toBe(1);
    clock.set(5 * minute);
    expect(limits.take(operation)).toBeUndefined();
  });

  it("slides: half of them two minutes later are free again two minutes later", () => {
    const clock = manualClock();
    const limits = createSentinelLimits(clock);
    for (let i = 0; i < 75; i++) {
      clock.set(i < 40 ? 0 : 2 * minute);
      limits.take("PUT comment");
    }
    clock.set(5 * minute);
    const answers = Array.from({ length: 41 }, () => limits.take("PUT comment"));
    expect(answers.filter((wait) => wait === undefined)).toHaveLength(40);
    expect(answers.at(-1)).toBe(120);
  });

  it("does not count what it does not limit", () => {
    const limits = createSentinelLimits(manualClock());
    for (let i = 0; i < 1000; i++) expect(limits.take("GET incident")).toBeUndefined();
  });
});
