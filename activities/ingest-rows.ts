import { type Attempt, again, refused } from "../domain/attempt";
import type { ResultsSink } from "../domain/results/results-sink";
import type { SendResultsInput } from "../domain/results/send-results-input";
import type { Invocation } from "./invocation";

export interface IngestRowsInput {
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
