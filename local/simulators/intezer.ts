import { randomUUID } from "node:crypto";
import type { WebhookTarget } from "./intezer-alerts";
import {
  type AlertsOptions,
  createAlerts,
  type DeliveryOverrides,
  type IntezerAlert,
} from "./intezer-alerts";
import { type AnalysesOptions, type AnalysisDetail, createAnalyses, invalid } from "./intezer-analyses";
import {
  builtInFiles,
  builtInUrls,
  type IntezerFile,
  type IntezerUrl,
  type TriageFindings,
} from "./intezer-data";
import { type Reply, type Simulator, type SimulatorRequest, startSimulator } from "./simulator";

export interface IntezerSimulatorOptions extends AnalysesOptions, AlertsOptions {
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Real milliseconds before every answer. */
  readonly latencyMs?: number;
  /** The only key that is accepted; absent: any. */
  readonly apiKey?: string;
  /** How the exchange refuses a key; default 401. */
  readonly badKeyStatus?: 400 | 401;
  /** How long a token is valid; default 7,200. */
  readonly tokenSeconds?: number;
  /** Whether the answer of the exchange has `expire_at`; default true. */
  readonly hasExpiry?: boolean;
}

export interface IntezerSimulator extends Simulator {
  /** Base URL of the API. */
  readonly endpoint: string;
  /** Files Intezer has a copy of; replaces one of the same hash. */
  addFile(file: IntezerFile): void;
  addUrl(url: IntezerUrl): void;
  addAlert(alert: IntezerAlert): void;
  /** The only key that is accepted from now on; `undefined`: any. Tokens stay valid: see `revokeTokens`. */
  setApiKey(apiKey: string | undefined): void;
  /** Every token given so far is refused with 401. */
  revokeTokens(): void;
  /** Every analysis is gone: reading it answers 410. */
  expireAnalyses(): void;
  /** How many analyses have been started, and would have been paid for. */
  analysesStarted(): number;
  alertIds(): readonly string[];
  /** Ends the triage of an alert now, or changes it, without a delivery. */
  triage(alertId: string, findings: TriageFindings): void;
  setWebhook(webhook: WebhookTarget | undefined): void;
  /** Delivers an alert, as it is now, to the webhook; resolves with the answers' statuses. */
  fireWebhook(alertId: string, overrides?: DeliveryOverrides): Promise<readonly number[]>;
}

type Body = Readonly<Record<string, unknown>>;

interface Route {
  readonly method: "GET" | "POST";
  readonly path: RegExp;
  /** Names the body may have; any other is refused. */
  readonly fields: readonly string[];
  readonly answer: (body: Body, ...parts: string[]) => Reply;
}

const base = "/api/v2-0";

/** Intezer's API v2-0 as far as this app uses it. The log shows neither key nor token. */
export async function startIntezerSimulator(options: IntezerSimulatorOptions): Promise<IntezerSimulator> {
  const { clock, badKeyStatus = 401, tokenSeconds = 7200, hasExpiry = true } = options;
  const analyses = createAnalyses(options);
  const alerts = createAlerts(options);
  /** Tokens with their ends, epoch milliseconds. */
  const tokens = new Map<string, number>();
  let { apiKey } = options;
  builtInFiles.forEach(analyses.addFile);
  builtInUrls.forEach(analyses.addUrl);

  const exchange = ({ api_key }: Body): Reply => {
    if (typeof api_key !== "string" || (apiKey !== undefined && api_key !== apiKey))
      return badKeyStatus === 400
        ? invalid("api_key", "invalid value")
        : { status: 401, json: { error: "Invalid API key" } };
    const token = randomUUID();
    const expiresAt = clock.now() + tokenSeconds * 1000;
    tokens.set(token, expiresAt);
    return { status: 200, json: { result: token, ...(hasExpiry ? { expire_at: expiresAt / 1000 } : {}) } };
  };

  const isAllowed = ({ path, headers }: SimulatorRequest) => {
    if (path === `${base}/get-access-token`) return true;
    const token = /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1] ?? "";
    return clock.now() < (tokens.get(token) ?? 0);
  };

  const routes: readonly Route[] = [
    { method: "POST", path: /^\/get-access-token$/, fields: ["api_key"], answer: exchange },
    {
      method: "GET",
      path: /^\/current-quota-usage$/,
      fields: [],
      answer: () => {
        const scans = { quota: 1000, usage: analyses.count(), type: "monthly" };
        return { status: 200, json: { result: { file_scans: scans } } };
      },
    },
    {
      method: "GET",
      path: /^\/files\/([^/]+)$/,
      fields: [],
      answer: (_, hash = "") => analyses.latest(hash),
    },
    {
      method: "POST",
      path: /^\/analyze-by-hash$/,
      fields: ["hash", "requester"],
      answer: ({ hash }) => analyses.submitHash(hash),
    },
    {
      method: "POST",
      path: /^\/url$/,
      fields: ["url", "source", "requester"],
      answer: ({ url }) => analyses.submitUrl(url),
    },
    {
      method: "GET",
      path: /^\/(analyses|url)\/([^/]+)$/,
      fields: [],
      answer: (_, folder = "", id = "") => analyses.read(folder, id),
    },
    {
      method: "GET",
      path: /^\/analyses\/([^/]+)\/(?:sub-analyses\/root\/)?(code-reuse|metadata|dynamic-ttps)$/,
      fields: [],
      answer: (_, id = "", detail) => analyses.detail(id, detail as AnalysisDetail),
    },
    {
      method: "POST",
      path: /^\/alerts\/ingest$/,
      fields: ["alert", "alert_source"],
      answer: alerts.ingest,
    },
    {
      method: "GET",
      path: /^\/alerts\/get-by-id$/,
      fields: ["alert_id", "environment"],
      answer: alerts.read,
    },
  ];

  const handler = (request: SimulatorRequest): Reply => {
    if (!isAllowed(request)) return { status: 401, json: {} };
    const path = request.path.startsWith(base) ? request.path.slice(base.length) : "";
    const route = routes.find((each) => each.method === request.method && each.path.test(path));
    if (!route) return { status: 404, json: { error: "Not found" } };
    const body = bodyOf(request);
    const unknown = body && Object.keys(body).find((field) => !route.fields.includes(field));
    if (!body) return invalid("body", "not a JSON object");
    if (unknown !== undefined) return invalid(unknown, "unknown field");
    return route.answer(body, ...(route.path.exec(path) ?? []).slice(1));
  };

  const simulator = await startSimulator({ ...options, handler });
  return {
    ...simulator,
    get requests() {
      return simulator.requests.map(withoutSecrets);
    },
    endpoint: simulator.origin + base,
    addFile: analyses.addFile,
    addUrl: analyses.addUrl,
    addAlert: alerts.add,
    setApiKey: (key) => {
      apiKey = key;
    },
    revokeTokens: () => tokens.clear(),
    expireAnalyses: analyses.expire,
    analysesStarted: analyses.count,
    alertIds: alerts.ids,
    triage: alerts.triage,
    setWebhook: alerts.setWebhook,
    fireWebhook: alerts.fireWebhook,
    close() {
      alerts.stop();
      return simulator.close();
    },
  };
}

/** A GET may come without a body. */
function bodyOf({ body }: SimulatorRequest): Body | undefined {
  try {
    const parsed: unknown = JSON.parse(body || "{}");
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Body)
      : undefined;
  } catch {
    return undefined;
  }
}

function withoutSecrets(request: SimulatorRequest): SimulatorRequest {
  const { authorization, ...headers } = request.headers;
  return {
    ...request,
    headers: { ...headers, ...(authorization ? { authorization: "***" } : {}) },
    body: request.body.replace(/("api_key"\s*:\s*)"[^"]*"/, '$1"***"'),
  };
}

/** Answers that the service gives now and then, for scripts. */
export const intezerReplies = {
  quotaSpent: { status: 403, json: { error: "Account has reached action quota" } },
  permissionMissing: { status: 403, json: { error: "Insufficient Permissions" } },
  forbidden: { status: 403, json: {} },
  tokenRefused: { status: 401, json: {} },
  conflictBare: { status: 409, json: {} },
  tooLarge: { status: 413 },
  /** Still running, in a 200. */
  runningIn200: { status: 200, json: { status: "in_progress", result: {} } },
  emptyAccepted: { status: 202 },
  unavailable: {
    status: 503,
    headers: { "content-type": "text/html" },
    text: "<html><body><h1>503 Service Unavailable</h1></body></html>",
  },
  rateLimited: (headers: Readonly<Record<string, string>>): Reply => ({
    status: 429,
    headers,
    json: { error: "Rate limit exceeded" },
  }),
};
