import type { TokenCredential } from "@azure/core-auth";
import type { HttpClient } from "@azure/core-rest-pipeline";
import { z } from "zod";
import { type Attempt, again, done, refused } from "../domain/attempt";
import { type AlertIndex, isVendorAlertId } from "../domain/incident/alert-index";
import type { IncidentRef } from "../domain/incident/incident";
import {
  azureClientOptions,
  type CallOptions,
  credentialFor,
  exchange,
  isLoopback,
  passingFailure,
  tokenPolicy,
} from "./azure-client";
import type { HttpAnswer } from "./http";

interface LogAnalyticsOptions {
  /** Base URL with its version. Plain HTTP to this machine is asked without a token. */
  readonly endpoint: string;
  readonly credential: TokenCredential;
  /** For one query. */
  readonly timeoutMs: number;
  /** ARM ids of workspaces. */
  readonly workspaces: readonly string[];
}

/** Queries of a workspace by its resource id. The SDK is loaded with the first one. Throws for an endpoint that is not safe. */
export function createLogAnalytics(options: LogAnalyticsOptions): AlertIndex {
  const ask = createQuery(options);
  return {
    async findIncident(vendorAlertId) {
      if (!isVendorAlertId(vendorAlertId)) return refused("This is not an alert id.");
      const readings = await Promise.all(
        options.workspaces.map(async (scope) =>
          rowsFrom(await ask(scope, incidentQuery(vendorAlertId)), scope),
        ),
      );
      return bestOf(readings);
    },
  };
}

type Query = (scope: string, query: string) => Promise<HttpAnswer>;

function createQuery({ endpoint, credential, timeoutMs }: LogAnalyticsOptions): Query {
  const { httpClient, ...clientOptions } = azureClientOptions(endpoint);
  const credentials = { scopes: [`${new URL(endpoint).origin}/.default`] };
  const load = () => import("@azure/monitor-query-logs");
  let loading: ReturnType<typeof load> | undefined;
  return async (scope, query) => {
    loading ??= load();
    const { LogsQueryClient } = await loading;
    return exchange(AbortSignal.timeout(timeoutMs), (call) => {
      const client = new LogsQueryClient(credentialFor(endpoint, credential), {
        ...clientOptions,
        endpoint,
        credentials,
        httpClient: withCallOptions(httpClient, call),
      });
      if (isLoopback(endpoint)) client.pipeline.removePolicy(tokenPolicy);
      const serverTimeoutInSeconds = Math.ceil(timeoutMs / 1000);
      return client.queryResource(scope.slice(1), query, { duration: "P30D" }, { serverTimeoutInSeconds });
    });
  };
}

/** The SDK (1.0.0) ignores per-call options: each call gets its own client, whose HTTP layer applies them. */
function withCallOptions(inner: HttpClient, { abortSignal, onResponse }: CallOptions): HttpClient {
  return {
    async sendRequest(request) {
      request.abortSignal = abortSignal;
      const response = await inner.sendRequest(request);
      onResponse(response);
      return response;
    },
  };
}

/**
 * `SecurityIncident` has a row for every change of an incident.
 * https://learn.microsoft.com/azure/sentinel/manage-soc-with-incident-metrics
 */
const incidentQuery = (vendorAlertId: string) => `let alertId = "${vendorAlertId}";
let hits = SecurityAlert
| where TimeGenerated > ago(30d)
| where VendorOriginalId =~ alertId
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
  /** Emptied and merged into another one. */
  readonly isRedirected: boolean;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
}

const answerSchema = z.object({
  tables: z.array(
    z.object({ columns: z.array(z.object({ name: z.string() })), rows: z.array(z.array(z.unknown())) }),
  ),
  error: z.unknown().optional(),
});

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
    // Nested too deeply: it is not the short text that is looked for.
    return "";
  }
}

const rowSchema = z.object({
  IncidentName: z.guid(),
  Status: text,
  Labels: dynamic,
  AdditionalData: dynamic,
  LastModifiedTime: text,
});

function rowsFrom(answer: HttpAnswer, scope: string): Attempt<readonly Row[]> {
  const passing = passingFailure("Log Analytics", answer);
  if (passing || answer.kind === "fault") return passing ?? unreadable;
  if (answer.status !== 200) return refused(refusalText(answer.status));
  const { data } = answerSchema.safeParse(answer.body);
  const [table] = data?.tables ?? [];
  if (!data || !table) return unreadable;
  if (data.error) return again("Log Analytics returned only part of the answer.");
  const names = table.columns.map(({ name }) => name);
  const rows = table.rows.flatMap((cells) => {
    const row = rowSchema.safeParse(Object.fromEntries(names.map((name, i) => [name, cells[i]]))).data;
    return row ? [rowFrom(row, scope)] : [];
  });
  return done(rows);
}

function rowFrom(row: z.infer<typeof rowSchema>, scope: string): Row {
  return {
    incident: { scope, incidentId: row.IncidentName.toLowerCase() },
    isClosed: row.Status.toLowerCase() === "closed",
    isRedirected: /mergedIncidentNumber/i.test(row.AdditionalData) || /redirect/i.test(row.Labels),
    modifiedAt: Date.parse(row.LastModifiedTime) || 0,
  };
}

const refusals: Readonly<Record<number, string>> = {
  400: "Log Analytics cannot run the query: the workspace has no tables SecurityAlert and SecurityIncident. Connect Microsoft Defender XDR to Microsoft Sentinel.",
  401: "Log Analytics does not accept the app's token: the app's identity has to be in the Entra tenant of the workspace.",
  403: "The app's identity may not query the workspace: grant it the role Microsoft Sentinel Responder (or Log Analytics Reader) on it.",
  404: "Log Analytics does not know the workspace: check SENTINEL_WORKSPACES and LOG_ANALYTICS_ENDPOINT.",
};

function refusalText(status: number): string {
  return refusals[status] ?? `Log Analytics refused the query (HTTP ${status}).`;
}

const unreadable = again("Log Analytics answered with something other than a table.");

/** An alert can be in an incident that was closed or emptied since: the one that people work on comes first. */
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
