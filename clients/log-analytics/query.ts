import type { TokenCredential } from "@azure/core-auth";
import { z } from "zod";
import { type Attempt, again, done, refused, throttled } from "../../domain/attempt";
import { defined } from "../../domain/json";
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
import { createPace } from "./pace";

export interface LogAnalyticsOptions {
  /** Base URL with its version. Plain HTTP to this machine needs no token. */
  readonly endpoint: string;
  readonly credential: TokenCredential;
  /** For one query. */
  readonly timeoutMs: number;
  readonly now?: () => number;
}

export interface LogQuery {
  /** Scope of the workspace: its ARM id. */
  readonly scope: string;
  /** KQL. Values from outside may get into it only through `kql.ts`. */
  readonly text: string;
  /** How many days back to search for rows. */
  readonly days: number;
  /** For people: what to do if the workspace lacks the table. */
  readonly ifTableIsMissing: string;
  /** Ends the wait for the answer, if that is before the client's own limit. */
  readonly signal?: AbortSignal;
  /** A comment can be written without it: every other query goes first. */
  readonly isOptional?: true;
}

/** The cells of a row by the name of their column. Dynamic columns come as JSON text. */
export type LogRow = Readonly<Record<string, unknown>>;

export interface LogAnswer {
  readonly rows: readonly LogRow[];
  /** The service could not read everything, so there may be more rows. */
  readonly isPartial: boolean;
}

/** Runs one query within the limits of the service; beyond them it returns `again`. */
export type ReadLogs = (query: LogQuery) => Promise<Attempt<LogAnswer>>;

/** The same, if an incomplete answer is of no use. */
export type RunLogQuery = (query: LogQuery) => Promise<Attempt<readonly LogRow[]>>;

export function createLogQuery(options: LogAnalyticsOptions): RunLogQuery {
  return wholeAnswersOf(createLogReader(options));
}

/** With its own time limit in milliseconds, if that is shorter than the reader's. */
export function wholeAnswersOf(readLogs: ReadLogs, timeoutMs?: number): RunLogQuery {
  return async (query) => {
    const signal = timeoutMs === undefined ? query.signal : AbortSignal.timeout(timeoutMs);
    const answer = await readLogs({ ...query, ...defined({ signal }) });
    if (answer.kind !== "done") return answer;
    const { rows, isPartial } = answer.value;
    return isPartial ? again("Log Analytics returned only part of the answer.") : done(rows);
  };
}

/**
 * Runs queries on a workspace by its resource id. The SDK is loaded with the first query. Throws if the endpoint is not
 * safe.
 */
export function createLogReader({
  endpoint,
  credential,
  timeoutMs,
  now = Date.now,
}: LogAnalyticsOptions): ReadLogs {
  const pace = createPace(now);
  const { httpClient, ...clientOptions } = azureClientOptions(endpoint);
  const credentials = { scopes: [`${new URL(endpoint).origin}/.default`] };
  const load = () => import("@azure/monitor-query-logs");
  let loading: ReturnType<typeof load> | undefined;

  const ask = async ({ scope, text, days }: LogQuery, signal: AbortSignal) => {
    loading ??= load();
    const { LogsQueryClient } = await loading;
    return exchange(signal, (call) => {
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
  };

  return async (query) => {
    const signals = [AbortSignal.timeout(timeoutMs), ...(query.signal ? [query.signal] : [])];
    const signal = AbortSignal.any(signals);
    const turn = await pace.turn({ signal, isOptional: query.isOptional === true });
    if (turn.kind === "tooLate")
      return again("Log Analytics: other queries of this app left no time for this one.");
    if (turn.kind === "wait")
      return throttled(
        "Log Analytics is already running as many queries of this app as it allows at once.",
        turn.afterSeconds,
      );
    try {
      const answer = await ask(query, signal);
      const read = answerFrom(answer, query.ifTableIsMissing);
      if (read.kind === "again" && read.afterSeconds !== undefined) pace.pause(read.afterSeconds);
      return read;
    } finally {
      turn.end();
    }
  };
}

const answerSchema = z.object({
  tables: z.array(
    z.object({ columns: z.array(z.object({ name: z.string() })), rows: z.array(z.array(z.unknown())) }),
  ),
  error: z.unknown().optional(),
});

function answerFrom(answer: HttpAnswer, ifTableIsMissing: string): Attempt<LogAnswer> {
  const passing = passingFailure("Log Analytics", answer);
  if (answer.kind === "fault") return passing ?? unreadable;
  if (passing?.kind === "again" && answer.status === 429)
    return throttled(passing.reason, passing.afterSeconds);
  if (passing) return passing;
  if (answer.status === 400) return refused(`Log Analytics cannot run the query: ${ifTableIsMissing}`);
  if (answer.status >= 400) return refused(refusalText(answer.status));
  const { data } = answerSchema.safeParse(answer.body);
  const [table] = data?.tables ?? [];
  if (!data || !table) return unreadable;
  const names = table.columns.map(({ name }) => name);
  const rows = table.rows.map((cells) => Object.fromEntries(names.map((name, i) => [name, cells[i]])));
  return done({ rows, isPartial: data.error !== undefined && data.error !== null });
}

const refusals: Readonly<Record<number, string>> = {
  401: "Log Analytics does not accept the token: the account that sends the query (for the app, its managed identity) has to be in the Entra tenant of the workspace.",
  403: "The account that sends the query (for the app, its managed identity) may not query the workspace: grant it the role Microsoft Sentinel Responder (or Log Analytics Reader) on it.",
  404: "Log Analytics does not know the workspace: check SENTINEL_WORKSPACES and LOG_ANALYTICS_ENDPOINT.",
};

function refusalText(status: number): string {
  return refusals[status] ?? `Log Analytics refused the query (HTTP ${status}).`;
}

const unreadable = again("Log Analytics answered with something other than a table.");
