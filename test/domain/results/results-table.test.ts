import { expect, it } from "vitest";
import { resultsColumns, resultsTable } from "../../../domain/results/results-table";
import { schemas } from "../../kusto/check-query";

/**
 * Columns that Azure Monitor adds to every custom table.
 * https://learn.microsoft.com/azure/azure-monitor/logs/log-standard-columns
 */
const standardColumns = ["_BilledSize", "_IsBillable", "TenantId", "Type"];

it("queries are checked with the columns of the results table", () => {
  const schema = schemas.find(({ name }) => name === resultsTable);
  const own = Object.entries(schema?.columns ?? {}).filter(([name]) => !standardColumns.includes(name));
  expect(Object.fromEntries(own)).toEqual(
    Object.fromEntries(resultsColumns.map(({ name, type }) => [name, type])),
  );
});
