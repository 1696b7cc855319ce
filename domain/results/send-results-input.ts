import type { ResultRow } from "./results-table";

/** Input of the orchestrator `sendResults`: the rows of one part of a run. */
export interface SendResultsInput {
  /** Of the workspace whose table gets them. */
  readonly scope: string;
  /** One call sends one batch. */
  readonly batches: readonly (readonly ResultRow[])[];
}
