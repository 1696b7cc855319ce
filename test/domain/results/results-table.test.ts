import { expect, it } from "vitest";
import { resultsColumns, resultsTable } from "../../../domain/results/results-table";
import { schemas } from "../../kusto/check-query";

/**
 * Columns that Azure Monitor adds to every custom table.
 * https://learn.microsoft.com/azure/azure-monitor/logs/log-standard-columns
 */
const standardColumns = ["_BilledSize", "_IsBillable", "TenantId", "Type"];

/** https://learn.microsoft.com/azure/azure-monitor/logs/create-custom-table */
const reserved = ["id", "TenantId", "Title", "Type", "UniqueId"];

it("a custom table may have columns of these names", () => {
  const names = resultsColumns.map(({ name }) => name);
  expect(names.filter((name) => !/^[A-Za-z]\w{0,44}$/.test(name) || reserved.includes(name))).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toContain("TimeGenerated");
});

it("queries are checked with the columns of the results table", () => {
  const schema = schemas.find(({ name }) => name === resultsTable);
  const own = Object.entries(schema?.columns ?? {}).filter(([name]) => !standardColumns.includes(name));
  expect(Object.fromEntries(own)).toEqual(
    Object.fromEntries(resultsColumns.map(({ name, type }) => [name, type])),
  );
});
