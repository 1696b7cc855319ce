import type { Clock } from "../clock";
import { createLoggedAlerts, type LoggedAlert } from "./log-alerts";
import { listsIn, nameOfQuery, type QueryHandlers, queryIn, replyOf } from "./log-queries";
import { createLoggedSightings } from "./log-sightings";
import { createListedThreats, type ListedThreat } from "./log-threat-intelligence";
import { createWatchlists, type WatchlistRows } from "./log-watchlists";
import { type Reply, type Script, type Simulator, type SimulatorRequest, startSimulator } from "./simulator";

export interface LogAnalyticsSimulatorOptions {
  readonly clock: Clock;
  /** ARM ids of the workspaces that answer. */
  readonly workspaces: readonly string[];
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Real milliseconds before every answer. */
  readonly latencyMs?: number;
}

export interface LogAnalyticsSimulator extends Simulator {
  /** Base URL of the API. */
  readonly endpoint: string;
  addAlert(alert: LoggedAlert): void;
  /** What the queries for sightings and earlier incidents find. */
  readonly logs: Omit<ReturnType<typeof createLoggedSightings>, "handlers">;
  /** Adds an entry to the threat intelligence of a workspace. */
  addThreat(threat: ListedThreat): void;
  clearThreats(): void;
  /** Saves a watchlist in all workspaces. */
  setWatchlist(alias: string, rows: WatchlistRows): void;
  /** From now on these queries are answered so. */
  answer(handlers: QueryHandlers): void;
}

const resourceQuery = /^\/v1(\/subscriptions\/.+\/workspaces\/[^/]+)\/query$/i;

/**
 * Log Analytics, for the queries of the app: it knows each by the name in its first line and understands no KQL. Any
 * other query is answered as one for a table that does not exist. Asks for no token.
 */
export async function startLogAnalyticsSimulator(
  options: LogAnalyticsSimulatorOptions,
): Promise<LogAnalyticsSimulator> {
  const alerts = createLoggedAlerts(() => options.clock.now());
  const logs = createLoggedSightings(() => options.clock.now());
  const threats = createListedThreats(() => options.clock.now());
  const watchlists = createWatchlists();
  const handlers = new Map(
    Object.entries<QueryHandlers[string]>({
      ...alerts.handlers,
      ...logs.handlers,
      ...threats.handlers,
      ...watchlists.handlers,
    }),
  );

  const handler = (request: SimulatorRequest): Reply => {
    const workspace = resourceQuery.exec(request.path)?.[1];
    const isKnown = options.workspaces.some((each) => each.toLowerCase() === workspace?.toLowerCase());
    if (request.method !== "POST" || !workspace || !isKnown) {
      return failure(404, "PathNotFoundError", "The requested path does not exist");
    }
    const text = queryIn(request.body);
    const answer = handlers.get(nameOfQuery(text) ?? "");
    if (!answer) return logAnalyticsReplies.noSuchTable;
    const given = answer({ workspace, text, lists: listsIn(text) });
    return "columns" in given ? replyOf(given) : given;
  };

  const simulator = await startSimulator({ ...options, handler });
  return {
    ...simulator,
    endpoint: `${simulator.origin}/v1`,
    addAlert: alerts.add,
    logs,
    addThreat: threats.add,
    clearThreats: threats.clear,
    setWatchlist: watchlists.set,
    answer(added) {
      for (const [name, each] of Object.entries(added)) handlers.set(name, each);
    },
  };
}

/** For scripts: the query of this name, or every one that begins so. */
export const isQuery =
  (name: string): Script["match"] =>
  ({ body }) =>
    nameOfQuery(queryIn(body))?.startsWith(name) === true;

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
  inPart: replyOf({ columns: {}, rows: [], isPartial: true }),
} satisfies Readonly<Record<string, Reply>>;
