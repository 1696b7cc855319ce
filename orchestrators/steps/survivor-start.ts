import type { Survivor } from "../../domain/incident/incident";
import type { EnrichAgainInput } from "../../domain/run/next-run";
import type { RunInput, RunStart } from "../../domain/run/run";
import { orchestratorNames, runInstanceId } from "../names";

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
