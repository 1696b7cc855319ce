import type { ResultRow } from "../../domain/results/results-table";
import { resultsColumns, resultsStream } from "../../domain/results/results-table";
import type { Clock } from "../clock";
import { type Reply, type Simulator, type SimulatorRequest, startSimulator } from "./simulator";

export interface LogIngestionSimulatorOptions {
  readonly clock: Clock;
  /** ARM ids of the workspaces that have a data collection rule. */
  readonly workspaces: readonly string[];
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Real milliseconds before every answer. */
  readonly latencyMs?: number;
}

export interface LogIngestionSimulator extends Simulator {
  /** URL of each workspace's rule, as in RESULTS_RULES, by the workspace's ARM id. */
  readonly rules: Readonly<Record<string, string>>;
  /** Rows of a workspace's table in the order in which they came; one that was sent twice is there twice. */
  rows(workspace: string): readonly ResultRow[];
  /** Until the instant, epoch milliseconds, the app's role has not arrived. */
  forbidUntil(instant: number): void;
}

/** Of one call, with and without compression. */
const mostBytes = 1024 * 1024;

/**
 * The Logs Ingestion API of Azure Monitor, for the stream of the results. Asks for no token. A cell that the stream does
 * not declare is dropped without a word, as the service does.
 */
export async function startLogIngestionSimulator(
  options: LogIngestionSimulatorOptions,
): Promise<LogIngestionSimulator> {
  const rows = new Map<string, ResultRow[]>();
  const workspaceOf = new Map(options.workspaces.map((armId, i) => [immutableIdOf(i), armId.toLowerCase()]));
  let forbiddenUntil = Number.NEGATIVE_INFINITY;

  const handler = (request: SimulatorRequest): Reply => {
    const [, immutableId = "", stream] =
      /^\/dataCollectionRules\/([^/]+)\/streams\/([^/]+)$/.exec(request.path) ?? [];
    const workspace = workspaceOf.get(immutableId);
    if (request.method !== "POST" || stream === undefined)
      return failure(404, "NotFound", "The path does not exist.");
    if (request.query.get("api-version") !== "2023-01-01")
      return failure(400, "InvalidApiVersion", "The api-version is missing or not known.");
    if (!workspace)
      return failure(404, "NotFound", "Data collection rule with this immutable Id was not found.");
    if (options.clock.now() < forbiddenUntil) return logIngestionReplies.forbidden;
    if (stream !== resultsStream)
      return failure(400, "InvalidStream", `Data collection rule does not contain stream ${stream}.`);
    if (request.size > mostBytes || Buffer.byteLength(request.body) > mostBytes)
      return failure(413, "ContentLengthLimitExceeded", "Maximum allowed content length: 1048576 bytes.");
    const sent = rowsIn(request);
    if (!sent) return failure(400, "InvalidRequestBody", "The body is not an array of records.");
    rows.set(workspace, [...(rows.get(workspace) ?? []), ...sent]);
    return { status: 204 };
  };

  const simulator = await startSimulator({ ...options, handler });
  return {
    ...simulator,
    rules: Object.fromEntries(
      options.workspaces.map((armId, i) => [
        armId,
        `${simulator.origin}/dataCollectionRules/${immutableIdOf(i)}`,
      ]),
    ),
    rows: (workspace) => rows.get(workspace.toLowerCase()) ?? [],
    forbidUntil(instant) {
      forbiddenUntil = instant;
    },
  };
}

const immutableIdOf = (i: number) => `dcr-${String(i).padStart(32, "0")}`;

const columns: ReadonlySet<string> = new Set(resultsColumns.map(({ name }) => name));

function rowsIn({ headers, body }: SimulatorRequest): readonly ResultRow[] | undefined {
  if (!headers["content-type"]?.startsWith("application/json")) return undefined;
  try {
    const records: unknown = JSON.parse(body);
    return Array.isArray(records) ? records.map(declaredCells) : undefined;
  } catch {
    return undefined;
  }
}

const declaredCells = (record: object) =>
  Object.fromEntries(Object.entries(record).filter(([name]) => columns.has(name))) as ResultRow;

function failure(status: number, code: string, message: string): Reply {
  return { status, json: { error: { code, message } } };
}

/** Answers that the service gives now and then, for scripts. */
export const logIngestionReplies = {
  forbidden: failure(
    403,
    "OperationFailed",
    "The authentication token provided does not have access to ingest data for the data collection rule.",
  ),
  throttled: {
    ...failure(429, "TooManyRequests", "The number of requests exceeded the limit."),
    headers: { "retry-after": "30" },
  },
} satisfies Readonly<Record<string, Reply>>;
