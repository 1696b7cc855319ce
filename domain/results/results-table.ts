/** The custom table of the workspace that holds the results, one row per indicator, provider and part of a run. */
export const resultsTable = "IncidentEnrichment_CL";

/** Description for people who find the table in the workspace. */
export const resultsDescription =
  "What Sentinel Incident Enricher found: one row per indicator, provider and part of a run.";

/** Name of the table's stream in a data collection rule. */
export const resultsStream = `Custom-${resultsTable}`;

/** Raised when a column changes its meaning; new columns do not change it. */
export const resultsSchemaVersion = 1;

/** Types of columns as Kusto calls them. */
type ColumnType = "bool" | "datetime" | "dynamic" | "int" | "real" | "string";

interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** For people who write queries; shown in the table's schema and in docs/results.md. */
  readonly description: string;
}

/**
 * The columns of the table. Its Bicep (table and data collection rule), the schema that queries are checked with
 * (test/fixtures/kusto) and docs/results.md are compared with this list by tests. A cell without a value is empty.
 */
export const resultsColumns = [
  column("TimeGenerated", "datetime", "When the report was made, right before its comment."),
  column(
    "RowId",
    "string",
    "Made of run, part, indicator and provider. A row can arrive twice: keep one of each RowId.",
  ),
  column("SchemaVersion", "int", "Version of the meaning of these columns."),
  column("Run", "datetime", "When the run was accepted; distinguishes the runs of an incident."),
  column("RunId", "string", "Instance of the run in Durable Functions, which the app's log names as well."),
  column(
    "Part",
    "string",
    "first: as the first comment shows it. update: as the update shows it, with what was pending. addendum: a triage that came later.",
  ),
  column("IncidentId", "string", "GUID of the incident in lower case: IncidentName in SecurityIncident."),
  column("IncidentNumber", "int", "Number of the incident: IncidentNumber in SecurityIncident."),
  column("IncidentVerdict", "string", "malicious, suspicious, unknown or clean, of the whole incident."),
  column(
    "Coverage",
    "real",
    "Share of the part's lookups that have an answer, 0 to 1; off and noOpinion do not count.",
  ),
  column("ToCommentSeconds", "real", "From the start of the run until this part's report was made."),
  column("IndicatorKind", "string", "file, address, domain or url; empty in the row of an incident without."),
  column("Indicator", "string", "The indicator as it was looked up: the strongest hash of a file."),
  column("FileNames", "dynamic", "Names that the incident gives the file, at most 5."),
  column("IndicatorVerdict", "string", "malicious, suspicious, unknown or clean, of all providers together."),
  column("Provider", "string", "Id of the provider: virustotal, intezer, ..."),
  column(
    "Outcome",
    "string",
    "answered, notKnown, noOpinion (a list of threats has no entry), off, notChecked, failed, notAnswered, or pending while there is none.",
  ),
  column(
    "Cause",
    "string",
    "Of notChecked: quota, budget, key, right or tooMany. Of pending: pending (the service is working), quota or fault.",
  ),
  column("Verdict", "string", "The provider's own: malicious, suspicious, unknown or clean."),
  column("Figures", "string", 'The figure after the provider in the comment, such as "54 of 72 engines".'),
  column("Detections", "int", "Engines that call it malicious, where the provider counts engines."),
  column(
    "Suspicious",
    "int",
    "Engines that call it suspicious; those that call it malicious are not among them.",
  ),
  column("Engines", "int", "Engines that have an opinion, where the provider counts engines."),
  column("Reasons", "dynamic", "Sentences: why the verdict is what it is, or why there is none; at most 5."),
  column("Link", "string", "The provider's report, for people."),
  column("KeptSince", "datetime", "The answer comes from the app's cache, which has it since then."),
  column(
    "Sightings",
    "dynamic",
    "Where the workspace's own logs have seen the indicator, one object for each kind of log; none: it was looked for and not seen; no value: not known.",
  ),
  column(
    "Links",
    "dynamic",
    "The other indicators of the incident that it is linked to, each with relation, kind and value; at most 20.",
  ),
  column(
    "EarlierIncidents",
    "dynamic",
    "Other incidents with the same indicator: count, since, and their numbers by how they ended.",
  ),
  column("AppVersion", "string", "Version of the app that made the row."),
  column("Simulated", "bool", "The answer is a simulator's, not the service's."),
] as const satisfies readonly Column[];

function column<const Name extends string, const Type extends ColumnType>(
  name: Name,
  type: Type,
  description: string,
) {
  return { name, type, description };
}

interface CellTypes {
  readonly bool: boolean;
  /** ISO 8601 in UTC. */
  readonly datetime: string;
  /** JSON. */
  readonly dynamic: object;
  readonly int: number;
  readonly real: number;
  readonly string: string;
}

type Columns = (typeof resultsColumns)[number];

/** The cells of a row, by column name. Cells that always have a value are required. */
export type ResultRow = {
  readonly [C in Columns as C["name"] extends AlwaysThere ? C["name"] : never]: CellTypes[C["type"]];
} & {
  readonly [C in Columns as C["name"] extends AlwaysThere ? never : C["name"]]?: CellTypes[C["type"]];
};

type AlwaysThere =
  | "TimeGenerated"
  | "RowId"
  | "SchemaVersion"
  | "Run"
  | "RunId"
  | "Part"
  | "IncidentId"
  | "IncidentNumber"
  | "IncidentVerdict"
  | "AppVersion";
