import { dynamicLiteral } from "../../clients/log-query";
import type { ResultRow } from "../../domain/results/results-table";
import type { Services } from "../../local/simulators/services";

type Cells = Readonly<Partial<Record<keyof ResultRow, unknown>>>;

/** A row of the results table as the page shows it; all text in it is untrusted. */
interface ShownRow {
  readonly part: string;
  readonly indicator: string;
  readonly provider: string;
  readonly outcome: string;
  readonly verdict: string;
  readonly figures: string;
}

const resultsQuery = (incidentId: string) => `// results-of-incidents
let incidentIds = ${dynamicLiteral([incidentId])};
IncidentEnrichment_CL
| where IncidentId in (incidentIds)
| summarize arg_max(TimeGenerated, *) by RowId
| order by Run asc, TimeGenerated asc`;

/** Reads the rows of an incident from Log Analytics, as a workbook would. */
export function createResultsReader({ logAnalytics, sentinel }: Services) {
  return async (incidentId: string): Promise<readonly ShownRow[]> => {
    const response = await fetch(`${logAnalytics.endpoint}${sentinel.workspace}/query`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query: resultsQuery(incidentId) }),
    });
    if (!response.ok) throw new Error(`Log Analytics' simulator answered ${response.status}.`);
    const { tables } = (await response.json()) as {
      readonly tables: readonly {
        readonly columns: readonly { readonly name: string }[];
        readonly rows: readonly (readonly unknown[])[];
      }[];
    };
    return tables.flatMap(({ columns, rows }) =>
      rows.map((cells) =>
        shownRow(Object.fromEntries(columns.map(({ name }, i) => [name, cells[i]])) as Cells),
      ),
    );
  };
}

export type ResultsReader = ReturnType<typeof createResultsReader>;

function shownRow(row: Cells): ShownRow {
  const reasons = JSON.parse(String(row.Reasons ?? "[]")) as readonly string[];
  return {
    part: textOf(row.Part),
    indicator: [row.IndicatorKind, row.Indicator].map(textOf).join(" ").trim() || "none",
    provider: textOf(row.Provider),
    outcome: [row.Outcome, row.Cause].map(textOf).filter(Boolean).join(", "),
    verdict: textOf(row.Provider ? row.Verdict : (row.Verdict ?? row.IncidentVerdict)),
    figures: textOf(row.Figures ?? reasons[0]),
  };
}

const textOf = (cell: unknown) => (cell === null || cell === undefined ? "" : String(cell));
