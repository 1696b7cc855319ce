import { expect, it } from "vitest";
import type { Indicator } from "../../domain/indicators/indicator";
import type { NextRun } from "../../domain/run/next-run";
import { skippingClock } from "../../local/clock";
import { runOrchestrator } from "../support/run-orchestrator";

const target = { orchestrator: "enrichIncident", instanceId: "sentinel-1" };

/** Runs it on a clock that skips waits; times are milliseconds since the start. */
async function enrichAgain(given: {
  readonly notBefore?: number;
  /** Of late entities. */
  readonly readAt?: readonly number[];
  /** What the incident holds. */
  readonly present?: (at: number) => readonly Indicator[];
  readonly answer: (at: number) => NextRun["kind"];
}) {
  const clock = skippingClock();
  const startedAt = clock.now();
  const since = () => clock.now() - startedAt;
  const [notBefore = given.notBefore, ...laterReadings] = given.readAt ?? [];
  const asked: number[] = [];
  const read: number[] = [];
  const ended = await runOrchestrator(
    "enrichAgain",
    {
      target,
      start: {},
      ...(notBefore === undefined ? {} : { notBefore: startedAt + notBefore }),
      ...(given.readAt && {
        known: ["address:8.8.8.8"],
        laterReadings: laterReadings.map((instant) => startedAt + instant),
      }),
    },
    {
      fetchIncident: () => {
        read.push(since());
        const indicators = given.present?.(since()) ?? [];
        return { kind: "done", value: { incident: {}, indicators, leftOut: [], hasMail: true } };
      },
      startRun: (input) => {
        expect(input).toEqual({ target, start: {} });
        asked.push(since());
        return { kind: given.answer(since()), notBefore: clock.now(), run: 1 };
      },
    },
    clock,
  );
  return { status: ended.runtimeStatus, output: ended.output, asked, read };
}

it("starts the next run when the present one has ended", async () => {
  const { status, output, asked } = await enrichAgain({
    answer: (at) => (at < 600_000 ? "later" : "started"),
  });
  expect([status, output]).toEqual(["Completed", { answer: "started" }]);
  expect(asked[1]).toBeLessThan(10_000);
  expect(asked.length).toBeLessThan(15);
  expect(asked.at(-1)).toBeLessThan(900_000);
});

it("fails for operators to see when the present run never ends, and does not grow without end", async () => {
  const { status, output, asked } = await enrichAgain({ answer: () => "later" });
  expect(status).toBe("Failed");
  expect(output).toContain("see whether it is suspended");
  expect(asked.length).toBeLessThan(200);
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
