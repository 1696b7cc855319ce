import { expect, it } from "vitest";
import type { Indicator } from "../../domain/indicators/indicator";
import { enrichAgain } from "./enrich-again-setup";

it("starts the next run when the present one has ended", async () => {
  const { status, output, asked } = await enrichAgain({
    answer: (at) => (at < 600_000 ? "later" : "started"),
  });
  expect([status, output]).toEqual(["Completed", { answer: "started" }]);
  expect(asked[1]).toBeLessThan(10_000);
  expect(asked.length).toBeLessThan(15);
  expect(asked.at(-1)).toBeLessThan(900_000);
});

it("starts no run before its time", async () => {
  const { asked } = await enrichAgain({ notBefore: 600_000, answer: () => "started" });
  expect(asked.map((at) => at >= 600_000)).toEqual([true]);
});

const known: Indicator = { kind: "address", value: "8.8.8.8" };
const late: Indicator = { kind: "url", value: "http://late.com/" };
const [twoMinutes, tenMinutes] = [120_000, 600_000];

it.each([
  {
    what: "nothing new comes",
    cameAt: Number.POSITIVE_INFINITY,
    readAt: [twoMinutes, tenMinutes],
    output: { answer: "nothingNew" },
    starts: 0,
  },
  { what: "it is there already", cameAt: 0, readAt: [twoMinutes], output: { answer: "started" }, starts: 1 },
  {
    what: "it comes after the first of two readings",
    cameAt: twoMinutes + 30_000,
    readAt: [twoMinutes, tenMinutes],
    output: { answer: "started" },
    starts: 1,
  },
])("reads late entities at $readAt ms, and where $what starts $starts runs", async (given) => {
  const { cameAt, readAt } = given;
  const { output, asked, read } = await enrichAgain({
    readAt,
    present: (at) => (at >= cameAt ? [known, late] : [known]),
    answer: () => "started",
  });
  expect(output).toEqual(given.output);
  expect(asked).toHaveLength(given.starts);
  expect(read.map((at, i) => at >= (readAt[i] ?? Number.NaN))).toEqual(readAt.map(() => true));
});
