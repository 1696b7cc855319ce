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
