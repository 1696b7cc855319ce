import type { OrchestrationContext } from "durable-functions";
import type { Survivor } from "../../domain/incident/incident";
import { defined } from "../../domain/json";
import type { RunReport } from "../../domain/report/report";
import type { EnrichAgainInput, NextRun } from "../../domain/run/next-run";
import {
  type DeliveryInput,
  mergedIntoOf,
  type RunInput,
  type RunOutput,
  type RunStart,
} from "../../domain/run/run";
import { call, log, type Step } from "../durable/call";
import { now } from "../durable/timers";
import {
  againInstanceId,
  mergedInstanceId,
  orchestratorNames,
  pollInstanceId,
  runInstanceId,
} from "../names";
import { lateEntitiesWait } from "../waits";
import { outputOfNothing } from "./results";

/** Starts the run of the remaining incident in place of this one, which has nothing left to look up. */
export function* handOver(
  context: OrchestrationContext,
  input: RunInput,
  number: number,
  survivor: Survivor,
): Step<RunOutput> {
  const { incidentId } = survivor.ref;
  const { target, start } = survivorStart(survivor, number, input);
  const next = yield* call(context, "startRun", { target, start });
  log(context, "Handed the enrichment over", { to: target.instanceId, answer: next.kind });
  if (next.kind === "later") {
    const again: EnrichAgainInput = { target, start, notBefore: next.notBefore };
    yield* call(context, "watchEntities", {
      orchestrator: orchestratorNames.enrichAgain,
      instanceId: againInstanceId(incidentId),
      input: again,
    });
  }
  const alertId = input.previous?.alertId;
  if (alertId !== undefined) {
    const { run, settings } = input;
    yield* bringTriage(context, survivor, { alertId, run, dryRun: settings.dryRun });
  }
  const warning = `The incident was merged into incident ${survivor.number} (${incidentId}): nothing was looked up for this incident. ${consequences[next.kind]}`;
  return {
    ...outputOfNothing(input, warning),
    ...defined({ alertId }),
    mergedInto: mergedIntoOf(survivor, number),
  };
}

const consequences: Readonly<Record<NextRun["kind"], string>> = {
  started: "A run was started for the other incident.",
  duplicate: "The other incident is already being enriched.",
  later: "A run for the other incident starts as soon as possible.",
};

/**
 * Schedules another run of the remaining incident for when alerts and tags, which move at their own pace, have arrived.
 * Changes within ten minutes may arrive as one (https://learn.microsoft.com/azure/sentinel/move-to-defender).
 */
export function* watchSurvivor(
  context: OrchestrationContext,
  input: RunInput,
  { incident }: RunReport,
  survivor: Survivor,
): Step<void> {
  if (input.settings.dryRun) return;
  const again: EnrichAgainInput = {
    ...survivorStart(survivor, incident.number, input),
    notBefore: now(context) + lateEntitiesWait * 1000,
  };
  yield* call(context, "watchEntities", {
    orchestrator: orchestratorNames.enrichAgain,
    instanceId: mergedInstanceId(survivor.ref.incidentId),
    input: again,
  });
}

/**
 * The start of a run of the remaining incident after a merge. It is an update that adds alerts, since the incident's last
 * run, however recent, has not seen them. The trigger body is left out, because it is that of the merged incident.
 */
export function survivorStart(
  { ref }: Survivor,
  number: number,
  start: RunStart | RunInput,
): Pick<EnrichAgainInput, "target" | "start"> {
  const {
    run: _run,
    startId: _startId,
    previous: _previous,
    envelope: _envelope,
    reconciled: _reconciled,
    ...same
  } = start as RunInput;
  const { mergedFrom = [] } = same;
  return {
    target: { orchestrator: orchestratorNames.enrichIncident, instanceId: runInstanceId(ref.incidentId) },
    start: {
      ...same,
      incident: ref,
      eventType: "Update",
      mergedFrom: [...mergedFrom.filter((other) => other !== number), number],
    },
  };
}

interface MergedTriage {
  /** Intezer's id of the alert that a run of the merged incident submitted or showed. */
  readonly alertId: string;
  readonly run: number;
  readonly dryRun: boolean;
}

/**
 * Starts a delivery that reports, in the remaining incident, a triage that was commented before the merge. If a comment
 * there already has the triage, it is not repeated; if Intezer has not finished it, the delivery that polls for it reports
 * it.
 */
export function* bringTriage(
  context: OrchestrationContext,
  { ref }: Survivor,
  { alertId, run, dryRun }: MergedTriage,
): Step<void> {
  const input: DeliveryInput = {
    source: "poll",
    alertId,
    incident: ref,
    run,
    until: now(context),
    dryRun,
  };
  yield* call(context, "watchEntities", {
    orchestrator: orchestratorNames.deliverTriage,
    instanceId: `${pollInstanceId(ref.incidentId, run)}-merged`,
    input,
  });
}
