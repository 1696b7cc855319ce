import { expect, it } from "vitest";
import { batchesOf } from "../../../domain/results/results-sink";
import type { ResultRow } from "../../../domain/results/results-table";
import { rowsOf } from "../../../domain/results/rows";
import { ordinaryReport } from "../../support/reports";
import { incidentId, workspaceId } from "../../support/requests";

const [row] = rowsOf(
  { incident: { scope: workspaceId, incidentId }, instanceId: "", report: ordinaryReport() },
  { version: "1.2.3", simulated: [] },
);
if (!row) throw new Error("An ordinary report has rows.");
const withReason = (i: number, reason: string): ResultRow => ({
  ...row,
  RowId: String(i),
  Reasons: [reason],
});
const bytes = (rows: readonly ResultRow[]) => Buffer.byteLength(JSON.stringify(rows));

it("An ordinary incident is one batch", () => {
  const rows = Array.from({ length: 30 }, (_, i) => withReason(i, "clean"));
  expect(batchesOf(rows)).toEqual([rows]);
});

it.each([
  { what: "plain text", reason: "x".repeat(1_000) },
  { what: "characters of several bytes", reason: "語".repeat(1_000) },
])(
  "Of a large one every batch stays below 1 MB and every row is in one, in its order: $what",
  ({ reason }) => {
    const rows = Array.from({ length: 2_500 }, (_, i) => withReason(i, reason));
    const batches = batchesOf(rows);
    expect(batches.length).toBeGreaterThan(2);
    expect(batches.flat()).toEqual(rows);
    // The SDK splits what is above 1,000,000 bytes, and the service refuses what is above 1 MiB.
    for (const batch of batches) expect(bytes(batch)).toBeLessThan(1_000_000);
  },
);

it("Nothing is no batch", () => expect(batchesOf([])).toEqual([]));
