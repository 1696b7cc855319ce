import { expect, it } from "vitest";
import type { Indicator } from "../../domain/indicators/indicator";
import type { NextRun } from "../../domain/run/next-run";
import { skippingClock } from "../../local/clock";
import { runOrchestrator } from "../support/run-orchestrator";

const target = { orchestrator: "enrichIncident", instanceId: "sentinel-1" };

/** Runs it on a clock that skips waits; times are milliseconds since the start. */
async function enrichAgain(given: {
  readonly notBefore?: number;
  readonly known?: readonly string[];
  readonly present?: readonly Indicator[];
  readonly answer: (at: number) => NextRun["kind"];
}) {
  const clock = skippingClock();
  const startedAt = clock.now();
  const asked: number[] = [];
  const ended = await runOrchestrator(
    "enrichAgain",
    {
      target,
      start: {},
      ...(given.known ? { known: given.known } : {}),
      ...(given.notBefore === undefined ? {} : { notBefore: startedAt + given.notBefore }),
    },
    {
      fetchIncident: () => ({
        kind: "done",
        value: { incident: {}, indicators: given.present ?? [], leftOut: [], hasMail: true },
      }),
      startRun: (input) => {
        expect(input).toEqual({ target, start: {} });
        const at = clock.now() - startedAt;
        asked.push(at);
        return { kind: given.answer(at), notBefore: clock.now(), run: 1 };
      },
    },
    clock,
  );
  return { status: ended.runtimeStatus, output: ended.output, asked };
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

it.each([
  { what: "an indicator that came late", present: [{ kind: "url", value: "http://late.com/" }], starts: 1 },
  { what: "nothing new", present: [{ kind: "address", value: "8.8.8.8" }], starts: 0 },
] as const)("starts no run before its time, and with $what $starts", async ({ present, starts }) => {
  const known = ["address:8.8.8.8"];
  const { output, asked } = await enrichAgain({
    notBefore: 600_000,
    known,
    present,
    answer: () => "started",
  });
  expect(asked.map((at) => at >= 600_000)).toEqual(Array(starts).fill(true));
  expect(output).toEqual({ answer: starts ? "started" : "nothingNew" });
});
