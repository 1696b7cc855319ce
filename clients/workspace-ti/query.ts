import { dynamicLiteral } from "../kql";

/** Entries are published again every 7 to 10 days: an entry that was not published for this long no longer exists. */
export const days = 30;

/** No query here requires a table: a workspace without the tables has no entries. */
export const ifTableIsMissing =
  "its tables of threat intelligence have other columns than this version knows.";

/**
 * The currently valid entries: for each value the one with the highest confidence, with benign ones last. Only the newest
 * version of an entry counts, since the tables keep all of them; an entry with several hashes has a row for each. The
 * first table replaced the second one in 2025; a workspace without either has no entries.
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
