import type { QueryHandler } from "./log-queries";

/** An alert in an incident, as the tables record it. */
export interface LoggedAlert {
  /** `SecurityAlert.VendorOriginalId` */
  readonly vendorAlertId: string;
  /** ARM id of the incident. */
  readonly incident: string;
  /** Default `Active`. */
  readonly status?: string;
  /** Number of the incident that it was merged into. */
  readonly mergedInto?: number;
  /** Epoch milliseconds; default now. */
  readonly modifiedAt?: number;
  /** How many queries find nothing of it yet: logs are late. Default 0. */
  readonly lateQueries?: number;
}

const columns = {
  IncidentName: "string",
  Status: "string",
  Labels: "dynamic",
  AdditionalData: "dynamic",
  LastModifiedTime: "datetime",
} as const;

/** The alerts of a workspace and the query for the incident of one. */
export function createLoggedAlerts(now: () => number) {
  const alerts: (LoggedAlert & { late: number })[] = [];
  const incidentOfAlert: QueryHandler = ({ workspace, lists: [[vendorAlertId = ""] = []] }) => {
    const known = alerts.filter(
      (alert) =>
        alert.vendorAlertId.toLowerCase() === vendorAlertId.toLowerCase() &&
        alert.incident.toLowerCase().startsWith(`${workspace.toLowerCase()}/`),
    );
    const ready = known.filter(({ late }) => late === 0);
    for (const alert of known) alert.late = Math.max(0, alert.late - 1);
    return { columns, rows: ready.map((alert) => rowOf(alert, now())) };
  };
  return {
    add: (alert: LoggedAlert) => void alerts.push({ ...alert, late: alert.lateQueries ?? 0 }),
    handlers: { "incident-of-alert": incidentOfAlert },
  };
}

function rowOf({ incident, status = "Active", mergedInto, modifiedAt }: LoggedAlert, now: number) {
  const labels = mergedInto === undefined ? [] : [{ labelName: "Redirected", labelType: "AutoAssigned" }];
  const additionalData = mergedInto === undefined ? {} : { mergedIncidentNumber: String(mergedInto) };
  return {
    IncidentName: incident.split("/").at(-1),
    Status: mergedInto === undefined ? status : "Closed",
    Labels: JSON.stringify(labels),
    AdditionalData: JSON.stringify(additionalData),
    LastModifiedTime: new Date(modifiedAt ?? now).toISOString(),
  };
}
