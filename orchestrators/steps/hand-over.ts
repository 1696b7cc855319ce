import type { OrchestrationContext } from "durable-functions";
import type { Survivor } from "../../domain/incident/incident";
import { defined } from "../../domain/json";
import type { EnrichAgainInput, NextRun } from "../../domain/run/next-run";
import { mergedIntoOf } from "../../domain/run/place";
import type { RunInput, RunOutput } from "../../domain/run/run";
import { call, type Step } from "../durable/call";
import { log } from "../durable/log";
import { againInstanceId, orchestratorNames } from "../names";
import { bringTriage } from "./bring-triage";
import { outputOfNothing } from "./run-output";
import { survivorStart } from "./survivor-start";

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
