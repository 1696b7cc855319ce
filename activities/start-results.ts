import { type AddendumRowOf, addendumRow } from "../domain/results/addendum-row";
import { batchesOf } from "../domain/results/batches";
import { type RowsMadeBy, type RowsOf, rowsOf } from "../domain/results/rows";
import type { SendResultsInput } from "../domain/results/send-results-input";
import type { Invocation } from "./invocation";

export interface StartResultsInput {
  readonly orchestrator: string;
  readonly sendInstanceId: string;
  /** What the rows are made from: a part of a run, or an addendum. */
  readonly of: RowsOf | AddendumRowOf;
}

/**
 * Makes rows, and starts the orchestration that sends them, unless an earlier try or another delivery of the same triage
 * has already started it. Throws if the hub cannot be reached.
 */
export function createStartResults(by: RowsMadeBy) {
  return async (
    { orchestrator, sendInstanceId, of }: StartResultsInput,
    { hub, log }: Invocation,
  ): Promise<{ readonly answer: string }> => {
    if (await hub.find(sendInstanceId)) return { answer: "alreadyStarted" };
    const rows = "report" in of ? rowsOf(of, by) : [addendumRow(of, by)];
    const input: SendResultsInput = { scope: of.incident.scope, batches: batchesOf(rows) };
    const answer = await hub.start(orchestrator, sendInstanceId, input);
    log("Started to send the results", { instanceId: sendInstanceId, rows: rows.length, answer });
    return { answer };
  };
}
