import { expect } from "vitest";
import type { Indicator } from "../../domain/indicators/indicator";
import type { NextRun } from "../../domain/run/next-run";
import { skippingClock } from "../../local/clock";
import { runOrchestrator } from "../support/run-orchestrator";

const target = { orchestrator: "enrichIncident", instanceId: "sentinel-1" };

/** Runs it on a clock that skips waits; times are milliseconds since the start. */
export async function enrichAgain(given: {
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
