import type { OrchestrationContext } from "durable-functions";
import type { IncidentRef, Survivor } from "../domain/incident/incident";
import { indicatorKey } from "../domain/indicators/indicator";
import { defined } from "../domain/json";
import type { EnrichAgainInput, NextRun } from "../domain/run/next-run";
import { call, type Step } from "./durable/call";
import { now, persist, sleepUntil } from "./durable/timers";
import { bringTriage, survivorStart } from "./steps/hand-over";
import { backoff, runWaits } from "./waits";

interface EnrichAgainOutput {
  readonly answer: NextRun["kind"] | "nothingNew" | "notReadable";
}

/**
 * Starts the incident's next run as soon as there can be one: alerts came while a run was past reading entities, or
 * entities came after its comment, or a trigger body came during a run that had none to submit. Fails when the run under
 * way has not ended within twelve hours.
 */
export function* enrichAgain(context: OrchestrationContext): Step<EnrichAgainOutput> {
  const input = context.df.getInput<EnrichAgainInput>() as EnrichAgainInput;
  const { notBefore = 0, known, laterReadings = [] } = input;
  const startedAt = now(context);
  yield* sleepUntil(context, notBefore);
  if (!known) return yield* startWhenItMay(context, input, startedAt);
  const reading = yield* readLate(context, input.start.incident, known, laterReadings);
  if (reading.kind === "merged") {
    const { number, survivor } = reading;
    const { alertId, start } = input;
    const { dryRun } = start.settings;
    if (alertId !== undefined) yield* bringTriage(context, survivor, { alertId, run: startedAt, dryRun });
    return yield* startWhenItMay(context, survivorStart(survivor, number, start), startedAt);
  }
  return reading.kind === "new" ? yield* startWhenItMay(context, input, startedAt) : { answer: reading.kind };
}

function* startWhenItMay(
  context: OrchestrationContext,
  { target, start, envelope }: Pick<EnrichAgainInput, "target" | "start" | "envelope">,
  startedAt: number,
): Step<EnrichAgainOutput> {
  const waits = backoff(runWaits);
  const bodyFrom = envelope === undefined ? undefined : context.df.instanceId;
  for (;;) {
    const next = yield* call(context, "startRun", { target, start, ...defined({ bodyFrom }) });
    if (next.kind !== "later") return { answer: next.kind };
    const wait = Math.max(next.notBefore, now(context) + waits.next().value * 1000);
    if (wait - startedAt > runWaits.for * 1000)
      throw new Error("The incident's run has not ended: check whether it is suspended, and terminate it.");
    yield* sleepUntil(context, wait);
  }
}

type LateReading =
  | { readonly kind: "new" | "nothingNew" | "notReadable" }
  | { readonly kind: "merged"; readonly number: number; readonly survivor: Survivor };

/**
 * Reads the entities, as often as `laterReadings` allows, until there is an indicator that the last run did not know.
 * After a merge, late entities are added to the remaining incident.
 */
function* readLate(
  context: OrchestrationContext,
  incident: IncidentRef,
  known: readonly string[],
  laterReadings: readonly number[],
): Step<LateReading> {
  let kind: "nothingNew" | "notReadable" = "nothingNew";
  for (const instant of [now(context), ...laterReadings]) {
    yield* sleepUntil(context, instant);
    const fetched = yield* persist(context, () =>
      call(context, "fetchIncident", { incident, later: { sparingly: false } }),
    );
    kind = fetched.kind === "done" ? "nothingNew" : "notReadable";
    if (fetched.kind !== "done") continue;
    const { merge, incident: read, indicators } = fetched.value;
    if (merge?.survivor) return { kind: "merged", number: read.number, survivor: merge.survivor };
    if (indicators.some((indicator) => !known.includes(indicatorKey(indicator)))) return { kind: "new" };
  }
  return { kind };
}
