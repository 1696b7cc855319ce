import type { OrchestrationContext } from "durable-functions";
import { indicatorKey } from "../domain/indicators/indicator";
import type { EnrichAgainInput, NextRun } from "../domain/run/next-run";
import { call, type Step } from "./durable/call";
import { now, sleepUntil } from "./durable/clock";
import { persist } from "./durable/persist";
import { backoff, runWaits } from "./waits";

interface EnrichAgainOutput {
  readonly answer: NextRun["kind"] | "nothingNew" | "notReadable";
}

/**
 * Starts the incident's next run as soon as there can be one: alerts came while a run was past reading entities, or
 * entities came after its comment. Fails when the run under way has not ended within twelve hours.
 */
export function* enrichAgain(context: OrchestrationContext): Step<EnrichAgainOutput> {
  const { target, start, notBefore = 0, known } = context.df.getInput<EnrichAgainInput>() as EnrichAgainInput;
  const startedAt = now(context);
  yield* sleepUntil(context, notBefore);
  if (known) {
    const { incident } = start;
    const fetched = yield* persist(context, () =>
      call(context, "fetchIncident", { incident, later: { sparingly: false } }),
    );
    if (fetched.kind === "refused") return { answer: "notReadable" };
    const isNew = fetched.value.indicators.some((indicator) => !known.includes(indicatorKey(indicator)));
    if (!isNew || fetched.value.incident.mergedInto !== undefined) return { answer: "nothingNew" };
  }
  const waits = backoff(runWaits);
  for (;;) {
    const next = yield* call(context, "startRun", { target, start });
    if (next.kind !== "later") return { answer: next.kind };
    const wait = Math.max(next.notBefore, now(context) + waits.next().value * 1000);
    if (wait - startedAt > runWaits.for * 1000)
      throw new Error("The incident's run has not ended: see whether it is suspended, and end it.");
    yield* sleepUntil(context, wait);
  }
}
