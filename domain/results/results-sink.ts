import type { Attempt } from "../attempt";
import type { ResultRow } from "./results-table";

/** Takes rows for the results table of a workspace. */
export interface ResultsSink {
  /**
   * Sends one batch (see `batchesOf`) to the table of the workspace with this scope. A batch that was sent and is sent
   * again is there twice. `again` also while a permission has not taken effect yet.
   */
  send(scope: string, rows: readonly ResultRow[]): Promise<Attempt<{ readonly rows: number }>>;
}
