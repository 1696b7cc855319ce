import { type Attempt, again, refused } from "../domain/attempt";
import { batchesOf, type ResultsSink, type SendResultsInput } from "../domain/results/results-sink";
import {
  type AddendumRowOf,
  addendumRow,
  type RowsMadeBy,
  type RowsOf,
  rowsOf,
} from "../domain/results/rows";
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

interface IngestRowsInput {
  /** Instance id of the orchestration whose input contains the rows. */
  readonly instanceId: string;
  /** Index of the batch. */
  readonly batch: number;
}

/**
 * Sends one batch of rows to the results table. The activity reads the rows from the orchestration's input, so that the
 * history does not contain them again for every try.
 */
export function createIngestRows(results: ResultsSink) {
  return async (
    { instanceId, batch }: IngestRowsInput,
    { hub, log }: Invocation,
  ): Promise<Attempt<{ readonly rows: number }>> => {
    const instance = await hub.find(instanceId);
    if (!instance) return again("The task hub does not show the orchestration yet.");
    // The host fetches a large input from its blob (fetchLargeMessagesAutomatically, on by default).
    const { scope, batches } = (instance.input ?? {}) as Partial<SendResultsInput>;
    const rows = batches?.[batch];
    if (scope === undefined || !rows)
      return refused("The orchestration's input holds no such batch of rows.");
    const sent = await results.send(scope, rows);
    const reason = sent.kind === "done" ? undefined : sent.reason;
    log("Sent rows of the results", { instanceId, batch, rows: rows.length, answer: sent.kind, reason });
    return sent;
  };
}
