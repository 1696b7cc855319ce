import type { TokenCredential } from "@azure/core-auth";
import { z } from "zod";
import { type Attempt, again, done, refused } from "../../domain/attempt";
import {
  azureClientOptions,
  credentialFor,
  exchange,
  isLoopback,
  passingFailure,
  tokenPolicy,
  withCallOptions,
} from "../azure-client";
import type { HttpAnswer } from "../http";

export interface LogAnalyticsOptions {
  /** Base URL with its version. Plain HTTP to this machine is asked without a token. */
  readonly endpoint: string;
  readonly credential: TokenCredential;
  /** For one query. */
  readonly timeoutMs: number;
}

export interface LogQuery {
  /** Scope of the workspace that is asked: its ARM id. */
  readonly scope: string;
  /** KQL. Values from outside get into it through `kql.ts` only. */
  readonly text: string;
  /** How far back rows are looked for. */
  readonly days: number;
  /** What to do when the workspace cannot run the query: it has no such table. */
  readonly ifTableIsMissing: string;
}

/** The cells of a row by the name of their column. Dynamic columns come as JSON text. */
export type LogRow = Readonly<Record<string, unknown>>;

export type RunLogQuery = (query: LogQuery) => Promise<Attempt<readonly LogRow[]>>;

/** Queries of a workspace by its resource id. The SDK is loaded with the first one. Throws for an endpoint that is not safe. */
export function createLogQuery({ endpoint, credential, timeoutMs }: LogAnalyticsOptions): RunLogQuery {
  const { httpClient, ...clientOptions } = azureClientOptions(endpoint);
  const credentials = { scopes: [`${new URL(endpoint).origin}/.default`] };
  const load = () => import("@azure/monitor-query-logs");
  let loading: ReturnType<typeof load> | undefined;
  return async ({ scope, text, days, ifTableIsMissing }) => {
    loading ??= load();
    const { LogsQueryClient } = await loading;
    const answer = await exchange(AbortSignal.timeout(timeoutMs), (call) => {
      // The SDK (1.0.0) ignores per-call options.
      const client = new LogsQueryClient(credentialFor(endpoint, credential), {
        ...clientOptions,
        endpoint,
        credentials,
        httpClient: withCallOptions(httpClient, call),
      });
      if (isLoopback(endpoint)) client.pipeline.removePolicy(tokenPolicy);
      const serverTimeoutInSeconds = Math.ceil(timeoutMs / 1000);
      return client.queryResource(
        scope.slice(1),
        text,
        { duration: `P${days}D` },
        { serverTimeoutInSeconds },
      );
    });
    return rowsFrom(answer, ifTableIsMissing);
  };
}

const answerSchema = z.object({
  tables: z.array(
    z.object({ columns: z.array(z.object({ name: z.string() })), rows: z.array(z.array(z.unknown())) }),
  ),
  error: z.unknown().optional(),
});

function rowsFrom(answer: HttpAnswer, ifTableIsMissing: string): Attempt<readonly LogRow[]> {
  const passing = passingFailure("Log Analytics", answer);
  if (passing || answer.kind === "fault") return passing ?? unreadable;
  if (answer.status === 400) return refused(`Log Analytics cannot run the query: ${ifTableIsMissing}`);
  if (answer.status !== 200) return refused(refusalText(answer.status));
  const { data } = answerSchema.safeParse(answer.body);
  const [table] = data?.tables ?? [];
  if (!data || !table) return unreadable;
  if (data.error) return again("Log Analytics returned only part of the answer.");
  const names = table.columns.map(({ name }) => name);
  return done(table.rows.map((cells) => Object.fromEntries(names.map((name, i) => [name, cells[i]]))));
}

const refusals: Readonly<Record<number, string>> = {
  401: "Log Analytics does not accept the token: the account that asks (the app's is its managed identity) has to be in the Entra tenant of the workspace.",
  403: "The account that asks (the app's is its managed identity) may not query the workspace: grant it the role Microsoft Sentinel Responder (or Log Analytics Reader) on it.",
  404: "Log Analytics does not know the workspace: check SENTINEL_WORKSPACES and LOG_ANALYTICS_ENDPOINT.",
};

function refusalText(status: number): string {
  return refusals[status] ?? `Log Analytics refused the query (HTTP ${status}).`;
}

const unreadable = again("Log Analytics answered with something other than a table.");
