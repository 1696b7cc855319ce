import { batchesOf } from "../domain/results/batches";
import { type RowsMadeBy, type RowsOf, rowsOf } from "../domain/results/rows";
import type { SendResultsInput } from "../domain/results/send-results-input";
import type { Invocation } from "./invocation";

export interface StartResultsInput extends RowsOf {
  readonly orchestrator: string;
  readonly sendInstanceId: string;
}

/**
 * Makes the rows of one part of a run, and starts the orchestration that sends them, apart from the run. Throws when
 * the hub cannot be reached.
 */
export function createStartResults(by: RowsMadeBy) {
  return async (
    { orchestrator, sendInstanceId, ...of }: StartResultsInput,
    { hub, log }: Invocation,
  ): Promise<{ readonly answer: string }> => {
    const rows = rowsOf(of, by);
    const input: SendResultsInput = { scope: of.incident.scope, batches: batchesOf(rows) };
    const answer = await hub.start(orchestrator, sendInstanceId, input);
    log("Sends the results", { instanceId: sendInstanceId, rows: rows.length, answer });
    return { answer };
  };
}
