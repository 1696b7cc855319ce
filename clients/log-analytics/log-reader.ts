import type { TokenCredential } from "@azure/core-auth";
import { z } from "zod";
import { type Attempt, again, done, refused, throttled } from "../../domain/attempt";
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
import { type LogAnswer, type LogQuery, type ReadLogs, type RunLogQuery, wholeAnswersOf } from "../log-query";

interface LogAnalyticsOptions {
  /** Base URL with its version. Plain HTTP to this machine needs no token. */
  readonly endpoint: string;
  readonly credential: TokenCredential;
  /** For one query. */
  readonly timeoutMs: number;
  readonly now?: () => number;
}

export function createLogQuery(options: LogAnalyticsOptions): RunLogQuery {
  return wholeAnswersOf(createLogReader(options));
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

/** https://learn.microsoft.com/azure/azure-monitor/service-limits#log-analytics-workspaces */
const limits = { atOnce: 5, perWindow: 200, windowMs: 30_000 };

/** A waiting query occupies one of the host's activities, which lookups need too: further queries are retried later. */
const mostWaiting = 10;
const comeBackSeconds = 5;

/** A slot for one query, which must be returned; or how long no query may be sent. */
export type Turn =
  | { readonly kind: "go"; readonly end: () => void }
  | { readonly kind: "wait"; readonly afterSeconds: number }
  | { readonly kind: "tooLate" };

interface TurnRequest {
  /** Aborted when the query is of no use any longer. */
  readonly signal: AbortSignal;
  /** A comment can be written without it: it respects all limits, and every other query goes first. */
  readonly isOptional: boolean;
}

interface Pace {
  /** Waits until one of the current queries ends, or for the signal. */
  turn(request: TurnRequest): Promise<Turn>;
  /** The service has asked for a pause. */
  pause(seconds: number): void;
}

/**
 * Keeps the queries of this process within the limits that Log Analytics has per identity. Queries that a run depends on
 * (for the allowed indicators, or a provider's answer) are never refused here: they wait for a slot, before all others.
 */
export function createPace(now: () => number): Pace {
  let free = limits.atOnce;
  let pausedUntil = 0;
  let sent: number[] = [];
  const needed = new Set<() => void>();
  const optional = new Set<() => void>();

  function next(): void {
    const queue = needed.size > 0 ? needed : optional;
    const [first] = queue;
    if (!first || free === 0) return;
    queue.delete(first);
    first();
  }

  function waitSeconds(): number {
    const at = now();
    sent = sent.filter((instant) => instant > at - limits.windowMs);
    const oldest = sent.length < limits.perWindow ? 0 : (sent[0] ?? 0) + limits.windowMs;
    return Math.max(pausedUntil - at, oldest - at, 0) / 1000;
  }

  function take(isOptional: boolean): Turn {
    const afterSeconds = isOptional ? waitSeconds() : 0;
    if (afterSeconds > 0) return { kind: "wait", afterSeconds };
    free--;
    sent.push(now());
    const end = () => {
      free++;
      next();
    };
    return { kind: "go", end };
  }

  return {
    turn({ signal, isOptional }) {
      if (signal.aborted) return Promise.resolve({ kind: "tooLate" });
      if (free > 0) return Promise.resolve(take(isOptional));
      if (isOptional && optional.size >= mostWaiting)
        return Promise.resolve({ kind: "wait", afterSeconds: comeBackSeconds });
      const queue = isOptional ? optional : needed;
      return new Promise((resolve) => {
        const go = () => {
          signal.removeEventListener("abort", giveUp);
          const turn = take(isOptional);
          resolve(turn);
          if (turn.kind === "wait") next();
        };
        const giveUp = () => {
          queue.delete(go);
          resolve({ kind: "tooLate" });
        };
        signal.addEventListener("abort", giveUp, { once: true });
        queue.add(go);
      });
    },
    pause(seconds) {
      pausedUntil = Math.max(pausedUntil, now() + seconds * 1000);
    },
  };
}
