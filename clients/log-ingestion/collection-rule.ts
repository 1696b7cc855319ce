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
export function audienceOf(endpoint: string): string | undefined {
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
