import { z } from "zod";
import {
  commonFrom,
  type EarlierIncidents,
  type Ending,
  earlierDays,
  endings,
} from "../../domain/report/context";
import { grouped } from "../../domain/text";
import { dynamicLiteral, type LogRow } from "../log-query";
import type { Terms } from "./sightings";

/**
 * The incidents whose alerts name an indicator, in their current state: `SecurityIncident` has a row for every change. The
 * entities of an alert are JSON as text, nested and with references, so every string in it is compared. Incidents that
 * were merged into others, including into this one, do not count.
 * https://learn.microsoft.com/azure/sentinel/manage-soc-with-incident-metrics
 */
export const earlierIncidentsQuery = (
  { spellings, owners, words }: Terms,
  incidentId: string,
) => `// earlier-incidents
let spellings = ${dynamicLiteral(spellings)};
let owners = ${dynamicLiteral(owners)};
let words = ${dynamicLiteral(words)};
let own = ${dynamicLiteral([incidentId])};
let hits = SecurityAlert
| where TimeGenerated > ago(${earlierDays}d)
| where Entities has_any (words)
| summarize arg_max(TimeGenerated, Entities) by SystemAlertId
| mv-expand Text = extract_all(@'"((?:[^"\\\\]|\\\\.)*)"', tolower(tostring(parse_json(Entities)))) to typeof(string)
| extend At = array_index_of(spellings, tostring(split(Text, "#")[0]))
| where At >= 0
| distinct SystemAlertId, Value = tostring(owners[At]);
SecurityIncident
| where TimeGenerated > ago(${earlierDays}d)
| summarize arg_max(TimeGenerated, *) by IncidentName
| where IncidentName !in~ (own)
| where not(Status =~ "Closed" and (tostring(Labels) has "Redirected" or tostring(AdditionalData) has "mergedIncidentNumber"))
| mv-expand AlertId = AlertIds to typeof(string)
| join kind=inner hits on $left.AlertId == $right.SystemAlertId
| summarize Status = take_any(Status), Classification = take_any(Classification), CreatedTime = take_any(CreatedTime) by Value, IncidentNumber
| summarize Incidents = count(), Since = min(CreatedTime), List = make_list(bag_pack("number", IncidentNumber, "status", Status, "classification", Classification), ${commonFrom}) by Value`;

const text = z.string().nullish().catch(undefined);

/** `List` is dynamic: it comes as JSON text. */
const rowSchema = z.object({
  Value: z.string().min(1),
  Incidents: z.number().int().positive(),
  Since: z
    .string()
    .transform((value) => Date.parse(value))
    .pipe(z.number()),
  List: z.preprocess(
    (value) => (typeof value === "string" ? JSON.parse(value) : value),
    z.array(z.object({ number: z.number().int(), status: text, classification: text })),
  ),
});

/** The row by its value; `undefined` if it does not have the query's shape. */
export function earlierIncidentsFrom(
  row: LogRow,
): { readonly value: string; readonly earlier: EarlierIncidents } | undefined {
  const { data } = readSafely(row);
  if (!data) return undefined;
  const { Value: value, Incidents: count, Since: since, List: list } = data;
  const isCommon = count > commonFrom;
  return { value, earlier: { count, since, endings: isCommon ? {} : endingsOf(list) } };
}

function readSafely(row: LogRow) {
  try {
    return rowSchema.safeParse(row);
  } catch {
    return { data: undefined };
  }
}

interface ListedIncident {
  readonly number: number;
  readonly status?: string | null | undefined;
  readonly classification?: string | null | undefined;
}

function endingsOf(list: readonly ListedIncident[]): EarlierIncidents["endings"] {
  const groups = grouped(list, endingOf).map((same) => [
    endingOf(same[0]),
    same.map(({ number }) => number).toSorted((a, b) => a - b),
  ]);
  return Object.fromEntries(groups);
}

function endingOf({ status, classification }: ListedIncident): Ending {
  if (status?.toLowerCase() !== "closed") return "open";
  return endings.find((ending) => ending.toLowerCase() === classification?.toLowerCase()) ?? "closed";
}
