import { z } from "zod";
import { jsonFrom } from "../../domain/json";
import { dynamicLiteral } from "../log-query";

/** Entries are published again every 7 to 10 days: an entry that was not published for this long no longer exists. */
export const days = 30;

/** No query here requires a table: a workspace without the tables has no entries. */
export const ifTableIsMissing =
  "its tables of threat intelligence have other columns than this version knows.";

/**
 * The entries that are valid now, of each value the one of highest confidence, and one that calls it benign last: the
 * newest version, since the tables keep all of them, where an entry with several hashes has a row for each. The first
 * table took the place of the second one in 2025; a workspace without either has no entries.
 * https://learn.microsoft.com/azure/sentinel/work-with-stix-objects-indicators
 */
export const entriesQuery = (values: readonly string[]) => `// threat-intelligence
let observed = ${dynamicLiteral(values)};
union isfuzzy=true
(datatable(Value: string, Id: string, Source: string, Confidence: real, ValidFrom: datetime, ValidUntil: datetime, Types: string, Description: string) []),
(ThreatIntelIndicators
| where TimeGenerated > ago(30d)
| where ObservableValue in~ (observed)
| summarize arg_max(TimeGenerated, *) by Id, ObservableValue
| where not(coalesce(IsDeleted, false)) and not(coalesce(Revoked, false)) and coalesce(IsActive, true)
| project Value = ObservableValue, Id, Source, Confidence = toreal(Confidence), ValidFrom, ValidUntil, Types = tostring(Data.indicator_types), Description = coalesce(tostring(Data.description), tostring(Data.name))),
(ThreatIntelligenceIndicator
| where TimeGenerated > ago(30d)
| where NetworkIP in~ (observed) or NetworkSourceIP in~ (observed) or NetworkDestinationIP in~ (observed) or DomainName in~ (observed) or Url in~ (observed) or FileHashValue in~ (observed)
| summarize arg_max(TimeGenerated, *) by IndicatorId
| where coalesce(Active, true)
| extend Values = pack_array(NetworkIP, NetworkSourceIP, NetworkDestinationIP, DomainName, Url, FileHashValue)
| mv-expand Value = Values to typeof(string)
| where Value in~ (observed)
| project Value, Id = IndicatorId, Source = SourceSystem, Confidence = ConfidenceScore, ValidFrom = TimeGenerated, ValidUntil = ExpirationDateTime, Types = ThreatType, Description)
| where coalesce(ValidFrom, now()) <= now() and coalesce(ValidUntil, now() + 1d) > now()
| extend Rank = coalesce(Confidence, -1.0) - iff(Types has "benign", 1000, 0)
| summarize arg_max(Rank, *), Entries = dcount(Id) by Value
| project Value, Source, Confidence, ValidUntil, Types, Description, Entries`;

/** How many entries there are. */
export const sizeQuery = `// threat-intelligence-size
union isfuzzy=true
(datatable(Id: string) []),
(ThreatIntelIndicators
| where TimeGenerated > ago(30d)
| project Id),
(ThreatIntelligenceIndicator
| where TimeGenerated > ago(30d)
| project Id = IndicatorId)
| summarize Entries = dcount(Id)`;

/** The entry of the workspace's threat intelligence that counts for its value. All text is untrusted. */
export interface Entry {
  /** In the source's spelling. */
  readonly value: string;
  readonly source: unknown;
  /** From 0 to 100; absent if the source gives none. */
  readonly confidence: number | undefined;
  /** Epoch milliseconds; absent if it does not expire. */
  readonly validUntil: number | undefined;
  /** In the words of STIX or of the former table: "malicious-activity", "Phishing". */
  readonly types: readonly string[];
  readonly description: unknown;
  /** Number of entries with the same value, including this one. */
  readonly entries: number;
}

const row = z.object({
  Value: z.string().min(1),
  Source: z.unknown(),
  Confidence: z.number().min(0).max(100).optional().catch(undefined),
  ValidUntil: z.string().optional().catch(undefined),
  Types: z.string().catch(""),
  Description: z.unknown(),
  Entries: z.number().catch(1),
});

/** `undefined` for a row of another shape. */
export function entryFrom(cells: Readonly<Record<string, unknown>>): Entry | undefined {
  const read = row.safeParse(cells).data;
  if (!read) return undefined;
  return {
    value: read.Value,
    source: read.Source,
    confidence: read.Confidence,
    validUntil: Date.parse(read.ValidUntil ?? "") || undefined,
    types: typesFrom(read.Types),
    description: read.Description,
    entries: read.Entries,
  };
}

/** A JSON list in the current table, one word in the former one. */
function typesFrom(text: string): readonly string[] {
  const list = z.array(z.string()).safeParse(jsonFrom(text)).data ?? [text];
  return list.filter((type) => type !== "");
}
