import type { Attempt } from "../attempt";
import type { ResultRow } from "./results-table";

/** Sends rows to the results table of a workspace. */
export interface ResultsSink {
  /**
   * Sends one batch (see `batchesOf`) to the table of the workspace with this scope. A batch that is sent twice is stored
   * twice. Also returns `again` while a permission has not taken effect yet.
   */
  send(scope: string, rows: readonly ResultRow[]): Promise<Attempt<{ readonly rows: number }>>;
}

/** Input of the orchestrator `sendResults`: the rows of one part of a run. */
export interface SendResultsInput {
  /** Scope of the workspace whose table gets the rows. */
  readonly scope: string;
  /** One call sends one batch. */
  readonly batches: readonly (readonly ResultRow[])[];
}

/**
 * Bytes of JSON in one batch: below the limit of one call to the Logs Ingestion API, 1 MB with and without compression.
 * https://learn.microsoft.com/azure/azure-monitor/fundamentals/service-limits#logs-ingestion-api
 */
const largestBatch = 900_000;

/** The rows, in order, in batches that can each be sent with one call. */
export function batchesOf(rows: readonly ResultRow[]): readonly (readonly ResultRow[])[] {
  const batches: ResultRow[][] = [];
  let room = 0;
  for (const row of rows) {
    const size = Buffer.byteLength(JSON.stringify(row)) + ",".length;
    if (size > room) {
      batches.push([]);
      room = largestBatch;
    }
    batches.at(-1)?.push(row);
    room -= size;
  }
  return batches;
}
