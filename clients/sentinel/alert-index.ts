import { z } from "zod";
import { type Attempt, done, refused } from "../../domain/attempt";
import type { IncidentRef } from "../../domain/incident/incident";
import { type AlertIndex, isVendorAlertId } from "../../domain/incident/incident-store";
import { jsonFrom } from "../../domain/json";
import { dynamicLiteral, type LogRow, type RunLogQuery } from "../log-query";
import { isRedirectLabel } from "./wire";

interface AlertIndexOptions {
  readonly runQuery: RunLogQuery;
  /** ARM ids of workspaces. */
  readonly workspaces: readonly string[];
}

const days = 30;
const ifTableIsMissing =
  "the workspace has no tables SecurityAlert and SecurityIncident. Connect Microsoft Defender XDR to Microsoft Sentinel.";

export function createAlertIndex({ runQuery, workspaces }: AlertIndexOptions): AlertIndex {
  return {
    async findIncident(vendorAlertId) {
      if (!isVendorAlertId(vendorAlertId)) return refused("This is not an alert id.");
      const text = incidentQuery(vendorAlertId);
      const readings = await Promise.all(
        workspaces.map(async (scope) =>
          rowsFrom(await runQuery({ scope, text, days, ifTableIsMissing }), scope),
        ),
      );
      return bestOf(readings);
    },
  };
}

/**
 * `SecurityIncident` has a row for every change of an incident.
 * https://learn.microsoft.com/azure/sentinel/manage-soc-with-incident-metrics
 */
const incidentQuery = (vendorAlertId: string) => `// incident-of-alert
let alertIds = ${dynamicLiteral([vendorAlertId])};
let hits = SecurityAlert
| where TimeGenerated > ago(30d)
| where VendorOriginalId in~ (alertIds)
| summarize arg_max(TimeGenerated, *) by SystemAlertId
| project SystemAlertId;
SecurityIncident
| where TimeGenerated > ago(30d)
| summarize arg_max(TimeGenerated, *) by IncidentName
| mv-expand AlertId = AlertIds to typeof(string)
| join kind=inner hits on $left.AlertId == $right.SystemAlertId
| project IncidentName, Status, Labels, AdditionalData, LastModifiedTime
| order by LastModifiedTime desc`;

interface Row {
  readonly incident: IncidentRef;
  readonly isClosed: boolean;
  /** The incident was emptied and merged into another one. */
  readonly isRedirected: boolean;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
}

const text = z.string().catch("");
/** Dynamic columns come as JSON text. */
const dynamic = z
  .unknown()
  .optional()
  .transform((value) => (typeof value === "string" ? value : textOf(value)));

function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    // Nested too deeply, so it is not the short text that is searched for.
    return "";
  }
}

const labels = z.array(z.object({ labelName: text, labelType: text }));

const rowSchema = z.object({
  IncidentName: z.guid(),
  Status: text,
  Labels: dynamic,
  AdditionalData: dynamic,
  LastModifiedTime: text,
});

function rowsFrom(reading: Attempt<readonly LogRow[]>, scope: string): Attempt<readonly Row[]> {
  if (reading.kind !== "done") return reading;
  const rows = reading.value.flatMap((cells) => {
    const row = rowSchema.safeParse(cells).data;
    return row ? [rowFrom(row, scope)] : [];
  });
  return done(rows);
}

function rowFrom(row: z.infer<typeof rowSchema>, scope: string): Row {
  return {
    incident: { scope, incidentId: row.IncidentName.toLowerCase() },
    isClosed: row.Status.toLowerCase() === "closed",
    isRedirected: /mergedIncidentNumber/i.test(row.AdditionalData) || isRedirected(row.Labels),
    modifiedAt: Date.parse(row.LastModifiedTime) || 0,
  };
}

function isRedirected(labelsText: string): boolean {
  return (labels.safeParse(jsonFrom(labelsText)).data ?? []).some(isRedirectLabel);
}

/** An alert can also be in an incident that was closed or emptied since; the incident that people work on comes first. */
function bestOf(readings: readonly Attempt<readonly Row[]>[]): Attempt<IncidentRef | undefined> {
  const rows = readings.flatMap((reading) => (reading.kind === "done" ? reading.value : []));
  const [best] = rows.toSorted(
    (a, b) =>
      Number(a.isRedirected) - Number(b.isRedirected) ||
      Number(a.isClosed) - Number(b.isClosed) ||
      b.modifiedAt - a.modifiedAt,
  );
  if (best) return done(best.incident);
  const failed =
    readings.find(({ kind }) => kind === "again") ?? readings.find(({ kind }) => kind === "refused");
  return failed && failed.kind !== "done" ? failed : done(undefined);
}
