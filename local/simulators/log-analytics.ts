import type { Clock } from "../clock";
import { type Reply, type Simulator, type SimulatorRequest, startSimulator } from "./simulator";

export interface LogAnalyticsSimulatorOptions {
  readonly clock: Clock;
  /** ARM ids of the workspaces that answer. */
  readonly workspaces: readonly string[];
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Real milliseconds before every answer. */
  readonly latencyMs?: number;
}

/** An alert in an incident, as the tables record it. */
interface LoggedAlert {
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

export interface LogAnalyticsSimulator extends Simulator {
  /** Base URL of the API. */
  readonly endpoint: string;
  addAlert(alert: LoggedAlert): void;
}

const columns = [
  ["IncidentName", "string"],
  ["Status", "string"],
  ["Labels", "dynamic"],
  ["AdditionalData", "dynamic"],
  ["LastModifiedTime", "datetime"],
] as const;

const resourceQuery = /^\/v1(\/subscriptions\/.+\/workspaces\/[^/]+)\/query$/i;

/** Log Analytics, for the one query that asks for the incident of an alert. Asks for no token. */
export async function startLogAnalyticsSimulator(
  options: LogAnalyticsSimulatorOptions,
): Promise<LogAnalyticsSimulator> {
  const alerts: (LoggedAlert & { late: number })[] = [];

  const rowsFor = (workspace: string, vendorAlertId: string) => {
    const known = alerts.filter(
      (alert) =>
        alert.vendorAlertId.toLowerCase() === vendorAlertId.toLowerCase() &&
        alert.incident.toLowerCase().startsWith(`${workspace.toLowerCase()}/`),
    );
    const ready = known.filter(({ late }) => late === 0);
    for (const alert of known) alert.late = Math.max(0, alert.late - 1);
    return ready.map((alert) => rowOf(alert, options.clock.now()));
  };

  const handler = (request: SimulatorRequest): Reply => {
    const workspace = resourceQuery.exec(request.path)?.[1];
    const isKnown = options.workspaces.some((each) => each.toLowerCase() === workspace?.toLowerCase());
    if (request.method !== "POST" || !workspace || !isKnown) {
      return failure(404, "PathNotFoundError", "The requested path does not exist");
    }
    const query = queryOf(request);
    const [, vendorAlertId] = /^let alertId = "([^"\\\r\n]*)";$/m.exec(query) ?? [];
    if (vendorAlertId === undefined) return logAnalyticsReplies.noSuchTable;
    return { status: 200, json: tableOf(rowsFor(workspace, vendorAlertId)) };
  };

  const simulator = await startSimulator({ ...options, handler });
  return {
    ...simulator,
    endpoint: `${simulator.origin}/v1`,
    addAlert: (alert) => void alerts.push({ ...alert, late: alert.lateQueries ?? 0 }),
  };
}

function rowOf({ incident, status = "Active", mergedInto, modifiedAt }: LoggedAlert, now: number) {
  const labels = mergedInto === undefined ? [] : [{ labelName: "Redirected", labelType: "AutoAssigned" }];
  const additionalData = mergedInto === undefined ? {} : { mergedIncidentNumber: String(mergedInto) };
  return [
    incident.split("/").at(-1),
    mergedInto === undefined ? status : "Closed",
    JSON.stringify(labels),
    JSON.stringify(additionalData),
    new Date(modifiedAt ?? now).toISOString(),
  ];
}

function tableOf(rows: readonly unknown[]) {
  return {
    tables: [{ name: "PrimaryResult", columns: columns.map(([name, type]) => ({ name, type })), rows }],
  };
}

function queryOf({ body }: SimulatorRequest): string {
  try {
    return String((JSON.parse(body) as { query?: unknown } | null)?.query);
  } catch {
    return "";
  }
}

function failure(status: number, code: string, message: string, more: object = {}): Reply {
  return { status, json: { error: { code, message, ...more } } };
}

/** Answers that the service gives now and then, for scripts. */
export const logAnalyticsReplies = {
  noSuchTable: failure(400, "BadArgumentError", "The request had some invalid properties", {
    innererror: { code: "SemanticError", message: "A semantic error occurred." },
  }),
  forbidden: failure(
    403,
    "InsufficientAccessError",
    "The provided credentials have insufficient access to perform the requested operation",
  ),
  throttled: {
    ...failure(429, "ThrottledError", "The number of requests exceeded the limit."),
    headers: { "retry-after": "30" },
  },
  inPart: {
    status: 200,
    json: {
      ...tableOf([]),
      error: { code: "PartialError", message: "There were some errors when processing your query." },
    },
  },
} satisfies Readonly<Record<string, Reply>>;
