import type { ResultRow } from "./results-table";

/** Input of the orchestrator `sendResults`: the rows of one part of a run. */
export interface SendResultsInput {
  /** Scope of the workspace whose table gets the rows. */
  readonly scope: string;
  /** One call sends one batch. */
  readonly batches: readonly (readonly ResultRow[])[];
}
