import { z } from "zod";
import type { ProviderDescription } from "./clients/provider-description";
import { type ConfiguredProvider, providers, secretNames } from "./clients/providers";
import { type CollectionRule, ruleInUrl } from "./clients/results-sink";
import { scopeFrom } from "./clients/sentinel/arm-id";
import { watchlistNameFrom } from "./clients/sentinel/watchlist";
import {
  endpoint,
  listOf,
  listRead,
  named,
  oneOf,
  onOrOff,
  schedule,
  switched,
  wholeNumber,
} from "./clients/setting-values";
import type { StorageConnection } from "./clients/tables/table";
import { allowedFrom } from "./domain/indicators/allowed";
import { urlDetails } from "./domain/indicators/url-privacy";
import { severities } from "./domain/run/missing-run";
import { commentConditions, commentDetails, commentFormats, reconcileModes } from "./domain/run/settings";
import { version } from "./package.json";

/** Hosts of Azure Resource Manager in Microsoft's clouds: an Azure token is sent nowhere else. */
const resourceManagerHosts = [
  "management.azure.com",
  "management.usgovcloudapi.net",
  "management.chinacloudapi.cn",
];

/** The same for queries in Log Analytics. */
const logAnalyticsHosts = ["api.loganalytics.io", "api.loganalytics.us", "api.loganalytics.azure.cn"];

const secondsFrom = (text: string) => (/^\d{1,6}$/.test(text) ? Number(text) : undefined);
const severityFrom = (text: string) =>
  severities.find((severity) => severity.toLowerCase() === text.toLowerCase());
const collectionRuleFrom = (text: string): CollectionRule | undefined => {
  const [armId = "", url = ""] = text.split(/=(.*)/s);
  const [scope, rule] = [scopeFrom(armId), ruleInUrl(url)];
  return scope !== undefined && rule ? { scope, ...rule } : undefined;
};
const objectIdFrom = (text: string) => (/^[0-9a-f-]{36}$/i.test(text) ? text.toLowerCase() : undefined);

const settings = z.object({
  AZURE_FUNCTIONS_ENVIRONMENT: z.string().default("Production"),
  WEBSITE_AUTH_ENABLED: z.string().default("false"),
  WEBSITE_SITE_NAME: z.string().optional(),
  AzureWebJobsStorage: z.string().optional(),
  SENTINEL_WORKSPACES: listOf(scopeFrom, "the ARM id of a Log Analytics workspace").refine(
    (all) => all.length > 0,
    "must name the ARM id of at least one workspace",
  ),
  RELAY_PRINCIPAL_IDS: listOf(objectIdFrom, "an object id (a GUID)").default([]),
  KEY_VAULT_URL: endpoint().optional(),
  ALLOWED_INDICATORS: listRead(allowedFrom).default([]),
  ALLOWED_WATCHLIST: named(
    watchlistNameFrom,
    "the alias of a watchlist, or its alias and a column: alias:Column",
  ).optional(),
  URL_DETAIL: oneOf(urlDetails).default("safe"),
  FIRST_COMMENT_SECONDS: wholeNumber(1).default(300),
  ENRICHMENT_DEADLINE_SECONDS: wholeNumber(1).default(1800),
  ENTITY_RETRY_SECONDS: listOf(secondsFrom, "a number of seconds").default([60, 300, 600]),
  COMMENT_WHEN: oneOf(commentConditions).default("indicators"),
  COMMENT_DETAIL: oneOf(commentDetails).default("worst"),
  COMMENT_FORMAT: oneOf(commentFormats).default("html"),
  DRY_RUN: switched.default(false),
  RECONCILE: oneOf(reconcileModes).default("known"),
  RECONCILE_SCHEDULE: schedule.default("0 */15 * * * *"),
  RECONCILE_SEVERITIES: listOf(severityFrom, `one of ${severities.join(", ")}`).default([
    "High",
    "Medium",
    "Low",
  ]),
  SIGHTINGS: onOrOff.default(true),
  SIGHTINGS_DAYS: wholeNumber(1, 90).default(30),
  SIGHTINGS_WAIT_SECONDS: wholeNumber(1, 300).default(20),
  HISTORY_RETENTION_DAYS: wholeNumber(1).default(30),
  RESULTS_TABLE: onOrOff.default(false),
  RESULTS_RULES: listOf(
    collectionRuleFrom,
    "<ARM id of a workspace>=https://<endpoint>.ingest.monitor.azure.com/dataCollectionRules/dcr-<32 hex digits>",
  ).default([]),
  SENTINEL_ENDPOINT: endpoint(
    (url) => resourceManagerHosts.includes(url.hostname),
    ` of Azure Resource Manager (${resourceManagerHosts.join(", ")})`,
  ).default("https://management.azure.com"),
  LOG_ANALYTICS_ENDPOINT: endpoint(
    (url) => logAnalyticsHosts.includes(url.hostname),
    ` of Log Analytics (${logAnalyticsHosts.join(", ")})`,
  ).default("https://api.loganalytics.io/v1"),
});

type Settings = z.infer<typeof settings>;

/** Errors in combinations of settings. */
function conflictsIn(s: Settings, configured: readonly ConfiguredProvider[]): readonly string[] {
  const withKeys = configured.filter(({ description }) => neededBy(description).length > 0);
  const keys = withKeys.flatMap(({ description }) => neededBy(description)).map(({ setting }) => setting);
  return [
    // A provider that needs no key is not enough: a key was forgotten.
    ...(withKeys.some(({ hasSecrets }) => hasSecrets)
      ? []
      : [`${keys.join(", ")}: no provider has a key: set one of them, or KEY_VAULT_URL`]),
    ...(s.FIRST_COMMENT_SECONDS >= s.ENRICHMENT_DEADLINE_SECONDS
      ? [
          `FIRST_COMMENT_SECONDS: must be below ENRICHMENT_DEADLINE_SECONDS (${s.ENRICHMENT_DEADLINE_SECONDS})`,
        ]
      : []),
    ...workspacesWithoutRule(s).map((scope) => `RESULTS_RULES: has no rule for the workspace ${scope}`),
    ...configured.flatMap(
      ({ description, settings, hasSecrets }) => description.conflicts?.(settings, hasSecrets) ?? [],
    ),
  ];
}

const workspacesWithoutRule = (s: Settings) =>
  s.SENTINEL_WORKSPACES.filter(
    (scope) => s.RESULTS_TABLE && !s.RESULTS_RULES.some((rule) => rule.scope === scope),
  );

const neededBy = ({ secrets }: ProviderDescription) =>
  Object.values(secrets).filter(({ isOptional }) => !isOptional);

/** Unusable settings: everything that is wrong with them, in one message without secrets. */
export class SettingsError extends Error {
  /** Names of the wrong settings. */
  readonly settings: readonly string[];

  constructor(wrong: readonly string[]) {
    super(`The settings are not usable. Correct these and start again:\n  ${wrong.join("\n  ")}`);
    this.settings = [...new Set(wrong.flatMap((each) => each.split(":")[0]?.split(", ") ?? []))];
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads all settings at once. Throws a `SettingsError`.
 * An empty setting counts as unset, since portals and templates cannot always omit one.
 */
export function readConfig(env: Environment = process.env) {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ""),
  );
  const storage = storageFrom(given);
  const read = settings.safeParse(given);
  const each = providers.map((description) => ({
    description,
    hasSecrets: hasSecrets(description, given),
    read: z.object(description.settings).safeParse(given),
  }));
  const configured = each.flatMap(({ read, ...provider }): ConfiguredProvider[] =>
    read.success ? [{ ...provider, settings: read.data }] : [],
  );
  const issues = [read, ...each.map((provider) => provider.read)].flatMap(({ error }) => error?.issues ?? []);
  const wrong = [
    ...issues.map(issueText),
    ...(read.success && issues.length === 0 ? conflictsIn(read.data, configured) : []),
    ...(storage ? [] : [noStorage]),
  ];
  if (!read.success || !storage || wrong.length > 0) {
    throw new SettingsError(wrong);
  }
  return configFrom(read.data, {
    providers: configured,
    secretValues: secretValuesIn(given),
    storage,
    storageIdentity: given[`${storageSetting}__clientId`],
  });
}

export type Config = ReturnType<typeof readConfig>;

function hasSecrets(description: ProviderDescription, given: Environment): boolean {
  const hasVault = given.KEY_VAULT_URL !== undefined;
  return hasVault || neededBy(description).every(({ setting }) => given[setting] !== undefined);
}

function secretValuesIn(given: Environment): Readonly<Record<string, string>> {
  const values = secretNames().map(({ setting }) => [setting, given[setting]]);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

/** The names of all settings that the app reads, including those of the platform. */
export function settingNames(): readonly string[] {
  return [
    ...Object.keys(settings.shape),
    ...secretNames().map(({ setting }) => setting),
    ...providers.flatMap(({ settings }) => Object.keys(settings)),
  ];
}

const storageSetting = "AzureWebJobsStorage";
const noStorage = `${storageSetting}: must be set: it holds the task hub, the lookup cache and the quota. Set a connection string or, for an identity, ${storageSetting}__accountName or ${storageSetting}__tableServiceUri (https://...)`;

/**
 * Reads the storage settings as the Functions host does: a connection string or, for an identity, the account's name or
 * URLs.
 */
function storageFrom(given: Readonly<Record<string, string | undefined>>): StorageConnection | undefined {
  const { [storageSetting]: value, [`${storageSetting}__accountName`]: account } = given;
  if (value !== undefined) return { kind: "connectionString", value };
  const accountUrl = account && `https://${account}.table.core.windows.net`;
  const read = endpoint().safeParse(given[`${storageSetting}__tableServiceUri`] ?? accountUrl);
  return read.success ? { kind: "identity", endpoint: read.data } : undefined;
}

const issueText = ({ path, code, message }: z.core.$ZodIssue) =>
  `${String(path[0])}: ${code === "invalid_type" ? "must be set" : message}`;

interface ReadElsewhere {
  readonly providers: readonly ConfiguredProvider[];
  /** Secrets that settings contain, by setting; secrets in the vault are not included. */
  readonly secretValues: Readonly<Record<string, string>>;
  /** Where tables are kept; the host reads the same settings for the task hub. */
  readonly storage: StorageConnection;
  /** Client id of the managed identity to use, if the app has several. */
  readonly storageIdentity: string | undefined;
}

function configFrom(s: Settings, elsewhere: ReadElsewhere) {
  return {
    ...elsewhere,
    version,
    /** True with Core Tools and the local host: calls need no platform authentication. */
    development: s.AZURE_FUNCTIONS_ENVIRONMENT === "Development",
    /** App Service authentication is switched on. */
    platformAuthentication: s.WEBSITE_AUTH_ENABLED.toLowerCase() === "true",
    /** Scopes of the incidents that are served. */
    workspaces: s.SENTINEL_WORKSPACES,
    /** Object ids of the identities that may start runs, lower case. */
    relayPrincipalIds: s.RELAY_PRINCIPAL_IDS,
    keyVaultUrl: s.KEY_VAULT_URL,
    sentinelEndpoint: s.SENTINEL_ENDPOINT,
    logAnalyticsEndpoint: s.LOG_ANALYTICS_ENDPOINT,
    screening: { allowed: s.ALLOWED_INDICATORS, urlDetail: s.URL_DETAIL },
    /** The watchlist in which analysts keep more allowed indicators. */
    allowedWatchlist: s.ALLOWED_WATCHLIST,
    firstCommentSeconds: s.FIRST_COMMENT_SECONDS,
    deadlineSeconds: s.ENRICHMENT_DEADLINE_SECONDS,
    entityRetrySeconds: s.ENTITY_RETRY_SECONDS,
    commentWhen: s.COMMENT_WHEN,
    commentDetail: s.COMMENT_DETAIL,
    commentFormat: s.COMMENT_FORMAT,
    dryRun: s.DRY_RUN,
    reconciliation: {
      mode: s.RECONCILE,
      schedule: s.RECONCILE_SCHEDULE,
      severities: s.RECONCILE_SEVERITIES,
    },
    historyRetentionDays: s.HISTORY_RETENTION_DAYS,
    /** Absent if the workspace's own logs are not searched. */
    sightings: s.SIGHTINGS ? { days: s.SIGHTINGS_DAYS, waitSeconds: s.SIGHTINGS_WAIT_SECONDS } : undefined,
    /** Where results are sent as rows; empty if that is off. */
    resultsRules: s.RESULTS_TABLE ? s.RESULTS_RULES : [],
    /** Name of the function app on Azure. */
    siteName: s.WEBSITE_SITE_NAME,
  };
}
