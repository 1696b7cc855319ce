import { type ResultRow, resultsColumns } from "../../domain/results/results-table";
import type { LogTable, QueryHandlers } from "./log-queries";

/** The queries that read the results table, by their names. `rowsOf` returns all rows of a workspace as they came. */
export function resultsHandlers(rowsOf: (workspace: string) => readonly ResultRow[]): QueryHandlers {
  return {
    "results-of-incidents": ({ workspace, lists: [incidentIds = []] }) =>
      tableOf(newestOfEach(rowsOf(workspace).filter(({ IncidentId }) => incidentIds.includes(IncidentId)))),
  };
}

/** Rows as a query of the table returns them; dynamic cells are JSON text. */
function tableOf(rows: readonly ResultRow[]): LogTable {
  return {
    columns: Object.fromEntries(resultsColumns.map(({ name, type }) => [name, type])),
    rows: rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, cell]) => [
          name,
          typeof cell === "object" ? JSON.stringify(cell) : cell,
        ]),
      ),
    ),
  };
}

/** As `summarize arg_max(TimeGenerated, *) by RowId`. */
function newestOfEach(rows: readonly ResultRow[]): readonly ResultRow[] {
  const byId = new Map<string, ResultRow>();
  for (const row of rows) {
    const known = byId.get(row.RowId);
    if (!known || row.TimeGenerated >= known.TimeGenerated) byId.set(row.RowId, row);
  }
  return [...byId.values()];
}
