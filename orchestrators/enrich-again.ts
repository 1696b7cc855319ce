import type { OrchestrationContext } from "durable-functions";
import type { IncidentRef } from "../domain/incident/incident";
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
  const input = context.df.getInput<EnrichAgainInput>() as EnrichAgainInput;
  const { target, start, notBefore = 0, known, laterReadings = [] } = input;
  const startedAt = now(context);
  yield* sleepUntil(context, notBefore);
  if (known) {
    const reading = yield* readLate(context, start.incident, known, laterReadings);
    if (reading !== "new") return { answer: reading };
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

/** Reads the entities until there is an indicator that the last run did not know, as often as that may be. */
function* readLate(
  context: OrchestrationContext,
  incident: IncidentRef,
  known: readonly string[],
  laterReadings: readonly number[],
): Step<"new" | "nothingNew" | "notReadable"> {
  let answer: "nothingNew" | "notReadable" = "nothingNew";
  for (const instant of [now(context), ...laterReadings]) {
    yield* sleepUntil(context, instant);
    const fetched = yield* persist(context, () =>
      call(context, "fetchIncident", { incident, later: { sparingly: false } }),
    );
    answer = fetched.kind === "done" ? "nothingNew" : "notReadable";
    if (fetched.kind !== "done") continue;
    if (fetched.value.incident.mergedInto !== undefined) return "nothingNew";
    if (fetched.value.indicators.some((indicator) => !known.includes(indicatorKey(indicator)))) return "new";
  }
  return answer;
}
