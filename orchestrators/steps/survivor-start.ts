import type { Survivor } from "../../domain/incident/incident";
import type { EnrichAgainInput } from "../../domain/run/next-run";
import type { RunInput, RunStart } from "../../domain/run/run";
import { orchestratorNames, runInstanceId } from "../names";

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
