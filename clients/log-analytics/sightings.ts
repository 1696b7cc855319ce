import { z } from "zod";
import type { IndicatorKind } from "../../domain/indicators/indicator";
import { logKinds, type Sighting } from "../../domain/report/context";
import { dynamicLiteral, type LogRow } from "../log-query";

/** Spellings of the indicators in logs and, at the same positions, the indicators that they belong to. */
export interface Terms {
  readonly spellings: readonly string[];
  readonly owners: readonly string[];
  /** Whole words in these spellings, for searching a table by its index. */
  readonly words: readonly string[];
}

/*
 * One query per kind of indicator. Every table is a separate branch, since a missing table costs only its branch, and the
 * first branch, which has no rows, keeps the query from failing if all tables are missing
 * (https://learn.microsoft.com/kusto/query/union-operator, `isfuzzy`). For each kind of log, a row without a value says
 * that there are any logs: "not seen" would be wrong if nothing is logged. The last operator counts; no raw row leaves
 * the workspace.
 */
const noRows =
  "(datatable(TimeGenerated: datetime, Log: string, Value: string, Entity: string, IsBlocked: bool)[])";
const anyRow = "where TimeGenerated > since | take 1 | project TimeGenerated";
const anyLogOfUrls = `(DeviceNetworkEvents | ${anyRow}, Log = "devices"),
(EmailUrlInfo | where TimeGenerated > since | take 1
| join kind=leftouter (EmailEvents | take 0 | project NetworkMessageId) on NetworkMessageId
| project TimeGenerated, Log = "mail"),
(UrlClickEvents | ${anyRow}, Log = "clicks"),
(CommonSecurityLog | ${anyRow}, Log = "firewall")`;
const byHash = `| where TimeGenerated > since
| where SHA256 in~ (spellings) or SHA1 in~ (spellings) or MD5 in~ (spellings)
| extend At = max_of(array_index_of(spellings, tolower(SHA256)), array_index_of(spellings, tolower(SHA1)), array_index_of(spellings, tolower(MD5)))
| project TimeGenerated, Log = "devices", Value = tostring(owners[At]), Entity = DeviceId, IsBlocked = false`;
const withDeliveries = `| join kind=inner hint.strategy=broadcast (EmailEvents
| where TimeGenerated > since
| project TimeGenerated, NetworkMessageId, RecipientEmailAddress, DeliveryAction) on NetworkMessageId`;
const clicks =
  'project TimeGenerated, Log = "clicks", Value = tostring(owners[At]), Entity = AccountUpn, IsBlocked = ActionType startswith "ClickBlocked" and IsClickedThrough != true';
/** The words that firewall vendors use. */
const isStopped =
  'DeviceAction has_any ("deny", "denied", "drop", "dropped", "block", "blocked", "reject", "rejected")';
const counts = `| summarize Entities = count_distinct(Entity), Reached = count_distinctif(Entity, not(IsBlocked)), Events = count(), Blocked = countif(IsBlocked), First = min(TimeGenerated), Last = max(TimeGenerated) by Log, Value`;

export const sightingQueries: Readonly<Record<IndicatorKind, (terms: Terms, days: number) => string>> = {
  file: ({ spellings, owners }, days) => `// sightings:file
let spellings = ${dynamicLiteral(spellings)};
let since = ago(${days}d);
let owners = ${dynamicLiteral(owners)};
union isfuzzy=true
${noRows},
(DeviceFileEvents | ${anyRow}, Log = "devices"),
(DeviceProcessEvents | ${anyRow}, Log = "devices"),
(EmailAttachmentInfo | where TimeGenerated > since | take 1
| join kind=leftouter (EmailEvents | take 0 | project NetworkMessageId) on NetworkMessageId
| project TimeGenerated, Log = "mail"),
(DeviceFileEvents
${byHash}),
(DeviceProcessEvents
${byHash}),
(DeviceImageLoadEvents
${byHash}),
(EmailAttachmentInfo
| where TimeGenerated > since
| where SHA256 in~ (spellings)
| project NetworkMessageId, RecipientEmailAddress, Value = tostring(owners[array_index_of(spellings, tolower(SHA256))])
${withDeliveries}, RecipientEmailAddress
| project TimeGenerated, Log = "mail", Value, Entity = RecipientEmailAddress, IsBlocked = DeliveryAction =~ "Blocked")
${counts}`,

  url: ({ spellings, owners, words }, days) => `// sightings:url
let spellings = ${dynamicLiteral(spellings)};
let since = ago(${days}d);
let owners = ${dynamicLiteral(owners)};
let hosts = ${dynamicLiteral(words)};
union isfuzzy=true
${noRows},
${anyLogOfUrls},
(DeviceNetworkEvents
| where TimeGenerated > since
| where RemoteUrl has_any (hosts)
| extend At = array_index_of(spellings, tolower(tostring(split(RemoteUrl, "#")[0])))
| where At >= 0
| project TimeGenerated, Log = "devices", Value = tostring(owners[At]), Entity = DeviceId, IsBlocked = false),
(EmailUrlInfo
| where TimeGenerated > since
| where UrlDomain in~ (hosts)
| extend At = array_index_of(spellings, tolower(tostring(split(Url, "#")[0])))
| where At >= 0
| distinct NetworkMessageId, Value = tostring(owners[At])
${withDeliveries}
| project TimeGenerated, Log = "mail", Value, Entity = RecipientEmailAddress, IsBlocked = DeliveryAction =~ "Blocked"),
(UrlClickEvents
| where TimeGenerated > since
| where Url has_any (hosts)
| extend At = array_index_of(spellings, tolower(tostring(split(Url, "#")[0])))
| where At >= 0
| ${clicks}),
(CommonSecurityLog
| where TimeGenerated > since
| where RequestURL has_any (hosts)
| extend At = array_index_of(spellings, tolower(tostring(split(RequestURL, "#")[0])))
| where At >= 0
| project TimeGenerated, Log = "firewall", Value = tostring(owners[At]), Entity = SourceIP, IsBlocked = ${isStopped})
${counts}`,

  domain: ({ spellings, owners }, days) => `// sightings:domain
let spellings = ${dynamicLiteral(spellings)};
let since = ago(${days}d);
let owners = ${dynamicLiteral(owners)};
let hostOf = (url: string) { extract(@"^(?:[a-z][a-z0-9+.-]*://)?(?:[^/?#@]*@)?([^/?#:@]+)", 1, tolower(url)) };
union isfuzzy=true
${noRows},
${anyLogOfUrls},
(DeviceNetworkEvents
| where TimeGenerated > since
| where RemoteUrl has_any (spellings)
| extend At = array_index_of(spellings, hostOf(RemoteUrl))
| where At >= 0
| project TimeGenerated, Log = "devices", Value = tostring(owners[At]), Entity = DeviceId, IsBlocked = false),
(EmailUrlInfo
| where TimeGenerated > since
| where UrlDomain in~ (spellings)
| distinct NetworkMessageId, Value = tostring(owners[array_index_of(spellings, tolower(UrlDomain))])
${withDeliveries}
| project TimeGenerated, Log = "mail", Value, Entity = RecipientEmailAddress, IsBlocked = DeliveryAction =~ "Blocked"),
(EmailEvents
| where TimeGenerated > since
| where SenderFromDomain in~ (spellings)
| project TimeGenerated, Log = "mail", Value = tostring(owners[array_index_of(spellings, tolower(SenderFromDomain))]), Entity = RecipientEmailAddress, IsBlocked = DeliveryAction =~ "Blocked"),
(UrlClickEvents
| where TimeGenerated > since
| where Url has_any (spellings)
| extend At = array_index_of(spellings, hostOf(Url))
| where At >= 0
| ${clicks}),
(CommonSecurityLog
| where TimeGenerated > since
| where DestinationHostName in~ (spellings) or RequestURL has_any (spellings)
| extend At = max_of(array_index_of(spellings, tolower(DestinationHostName)), array_index_of(spellings, hostOf(RequestURL)))
| where At >= 0
| project TimeGenerated, Log = "firewall", Value = tostring(owners[At]), Entity = SourceIP, IsBlocked = ${isStopped})
${counts}`,

  address: ({ spellings, owners }, days) => `// sightings:address
let spellings = ${dynamicLiteral(spellings)};
let since = ago(${days}d);
let owners = ${dynamicLiteral(owners)};
union isfuzzy=true
${noRows},
(DeviceNetworkEvents | ${anyRow}, Log = "devices"),
(EmailEvents | ${anyRow}, Log = "mail"),
(CommonSecurityLog | ${anyRow}, Log = "firewall"),
(SigninLogs | ${anyRow}, Log = "signIns"),
(DeviceNetworkEvents
| where TimeGenerated > since
| where RemoteIP in~ (spellings)
| project TimeGenerated, Log = "devices", Value = tostring(owners[array_index_of(spellings, tolower(RemoteIP))]), Entity = DeviceId, IsBlocked = false),
(EmailEvents
| where TimeGenerated > since
| where SenderIPv4 in~ (spellings) or SenderIPv6 in~ (spellings)
| extend At = max_of(array_index_of(spellings, tolower(SenderIPv4)), array_index_of(spellings, tolower(SenderIPv6)))
| project TimeGenerated, Log = "mail", Value = tostring(owners[At]), Entity = RecipientEmailAddress, IsBlocked = DeliveryAction =~ "Blocked"),
(CommonSecurityLog
| where TimeGenerated > since
| where SourceIP in~ (spellings) or DestinationIP in~ (spellings)
| extend From = array_index_of(spellings, tolower(SourceIP)), To = array_index_of(spellings, tolower(DestinationIP))
| project TimeGenerated, Log = "firewall", Value = tostring(owners[max_of(From, To)]), Entity = iff(From > To, DestinationIP, SourceIP), IsBlocked = ${isStopped}),
(SigninLogs
| where TimeGenerated > since
| where IPAddress in~ (spellings)
| project TimeGenerated, Log = "signIns", Value = tostring(owners[array_index_of(spellings, tolower(IPAddress))]), Entity = UserPrincipalName, IsBlocked = ResultType != "0")
${counts}`,
};

const instant = z
  .string()
  .transform((text) => Date.parse(text))
  .pipe(z.number());
const count = z.number().int().nonnegative();

const rowSchema = z.object({
  Log: z.enum(logKinds),
  Value: z.string().nullish(),
  Entities: count,
  Reached: count,
  Events: count,
  Blocked: count,
  First: instant,
  Last: instant,
});

/** A row of the sighting queries; a row without a value says that there are logs of this kind. */
type SightingRow =
  | { readonly log: Sighting["log"] }
  | { readonly value: string; readonly sighting: Sighting };

/** `undefined` if the row does not have the queries' shape. */
export function sightingRowFrom(row: LogRow): SightingRow | undefined {
  const { data } = rowSchema.safeParse(row);
  if (!data) return undefined;
  const { Log: log, Value: value, Entities: entities, Reached: reached, Events: events } = data;
  if (!value) return { log };
  const { Blocked: blocked, First: first, Last: last } = data;
  return { value, sighting: { log, entities, reached, events, blocked, first, last } };
}
