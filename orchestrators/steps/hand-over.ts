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

/** Has the incident that took over enriched in place of this one, of which nothing is left to look up. */
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
  const warning = `The incident was merged into incident ${survivor.number} (${incidentId}): nothing was looked up for this one. ${consequences[next.kind]}`;
  return {
    ...outputOfNothing(input, warning),
    ...defined({ alertId }),
    mergedInto: mergedIntoOf(survivor, number),
  };
}

const consequences: Readonly<Record<NextRun["kind"], string>> = {
  started: "The other one's run was started.",
  duplicate: "The other one is being enriched.",
  later: "The other one's run starts as soon as it may.",
};

/**
 * Has the incident that took over enriched once more when alerts and tags, which move in their own time, are there. The
 * changes of ten minutes may come as one (https://learn.microsoft.com/azure/sentinel/move-to-defender).
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
 * A start of the run of the incident that took another one over. For it a merge is what an update is that adds alerts:
 * its last run has not seen them, however short a time ago that was.
 * The trigger body is the other incident's.
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
  /** Intezer's id of the alert that a run of the merged incident has submitted or shown. */
  readonly alertId: string;
  readonly run: number;
  readonly dryRun: boolean;
}

/**
 * Has a triage that was commented before the merge reported in the incident that took over. One that a comment there
 * carries is not repeated; one that Intezer has not judged yet is left to the delivery that waits for it.
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
