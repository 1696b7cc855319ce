import type { ResultRow } from "./results-table";

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
