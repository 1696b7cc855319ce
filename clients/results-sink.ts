import type { TokenCredential } from "@azure/core-auth";
import { type Attempt, again, done, refused } from "../domain/attempt";
import type { ResultsSink } from "../domain/results/results-sink";
import { resultsStream } from "../domain/results/results-table";
import {
  azureClientOptions,
  credentialFor,
  exchange,
  isLoopback,
  passingFailure,
  tokenPolicy,
  withCallOptions,
} from "./azure-client";
import type { HttpAnswer } from "./http";

interface ResultsSinkOptions {
  readonly rules: readonly CollectionRule[];
  readonly credential: TokenCredential;
  /** For one batch. */
  readonly timeoutMs: number;
}

/** Sends rows through the Logs Ingestion API. The SDK is loaded with the first batch. */
export function createResultsSink({ rules, credential, timeoutMs }: ResultsSinkOptions): ResultsSink {
  const load = () => import("@azure/monitor-ingestion");
  let loading: ReturnType<typeof load> | undefined;
  return {
    async send(scope, rows) {
      const rule = rules.find((each) => each.scope === scope);
      if (!rule) return refused("The setting RESULTS_RULES has no rule for the workspace.");
      loading ??= load();
      const sdk = await loading;
      const { endpoint, immutableId } = rule;
      const { httpClient, ...clientOptions } = azureClientOptions(endpoint);
      const audience = audienceOf(endpoint);
      const answer = await exchange(AbortSignal.timeout(timeoutMs), async (call) => {
        const client = new sdk.LogsIngestionClient(endpoint, credentialFor(endpoint, credential), {
          ...clientOptions,
          ...(audience && { audience }),
          httpClient: withCallOptions(httpClient, call),
        });
        if (isLoopback(endpoint)) client.pipeline.removePolicy(tokenPolicy);
        try {
          await client.upload(
            immutableId,
            resultsStream,
            rows.map((row) => ({ ...row })),
          );
        } catch (error) {
          throw sdk.isAggregateLogsUploadError(error) ? error.errors[0]?.cause : error;
        }
      });
      return sentFrom(answer, rows.length);
    },
  };
}

const service = "Log ingestion of Azure Monitor";

function sentFrom(answer: HttpAnswer, rows: number): Attempt<{ readonly rows: number }> {
  const passing = passingFailure(service, answer);
  if (passing || answer.kind === "fault") return passing ?? again(`${service} gave no answer.`);
  if (answer.status === 204) return done({ rows });
  // A page of a proxy says nothing about the rows.
  if (answer.status < 400) return again(`${service} answered HTTP ${answer.status}, not 204.`);
  const reason = notYet[answer.status];
  return reason ? again(reason) : refused(`${service} refused the rows (HTTP ${answer.status}).`);
}

/**
 * Refusals that a new deployment causes: a role takes up to half an hour to take effect, and a rule to be known to all of
 * the service. https://learn.microsoft.com/azure/azure-monitor/logs/logs-ingestion-api-overview
 */
const notYet: Readonly<Record<number, string>> = {
  401: `${service} does not accept the app's token: the app's identity has to be in the Entra tenant of the workspace.`,
  403: "The app's identity may not send rows to the data collection rule: grant it the role Monitoring Metrics Publisher on the rule. It takes effect within half an hour.",
  404: `${service} does not know the data collection rule: check RESULTS_RULES, and deploy the template again.`,
};

/** Where rows for one workspace are sent: a data collection rule of the kind `Direct`, which has its own endpoint. */
export interface CollectionRule {
  /** ARM id of the workspace, as a scope. */
  readonly scope: string;
  /** Base URL of the Logs Ingestion API. */
  readonly endpoint: string;
  /** `dcr-` and 32 hex digits. */
  readonly immutableId: string;
}

/**
 * Hosts of the Logs Ingestion API in Microsoft's clouds: a token is sent nowhere else.
 * https://learn.microsoft.com/azure/azure-monitor/logs/logs-ingestion-api-overview
 */
const ingestionHost = /^[a-z0-9.-]+\.ingest\.(monitor\.azure\.(?:com|us|cn))$/;

/** Audience of the token: Azure Monitor in the cloud of the endpoint. `undefined` if the host does not belong to it. */
function audienceOf(endpoint: string): string | undefined {
  const [, host] = ingestionHost.exec(new URL(endpoint).hostname) ?? [];
  return host && `https://${host}`;
}

/** The rule that a URL `<endpoint>/dataCollectionRules/<immutable id>` names. */
export function ruleInUrl(url: string): Omit<CollectionRule, "scope"> | undefined {
  const [, endpoint, immutableId] =
    /^(https?:\/\/[^/?#@]+)\/dataCollectionRules\/(dcr-[0-9a-f]{32})$/.exec(url) ?? [];
  if (!endpoint || !immutableId || !URL.canParse(endpoint)) return undefined;
  const isSimulator = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(endpoint);
  const isAzure = endpoint.startsWith("https://") && audienceOf(endpoint) !== undefined;
  return isSimulator || isAzure ? { endpoint, immutableId } : undefined;
}
