import { expect, it } from "vitest";
import { measureColdStarts } from "../../commands/bench/cold-start";
import { packageRoot } from "../../local/host/package-root";
import { report } from "./figures";

const runs = 9;

it("load of the app's modules in a new process", () => {
  const times = measureColdStarts(packageRoot, runs).toSorted((a, b) => a - b);
  const [fastest, median, slowest] = [0, (runs - 1) / 2, runs - 1].map((at) =>
    Math.round(times[at] ?? Number.NaN),
  );
  report("cold-start", [
    { "median ms": median ?? 0, "fastest ms": fastest ?? 0, "slowest ms": slowest ?? 0 },
  ]);
  expect(median).toBeLessThan(600);
});
