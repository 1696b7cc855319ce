import { z } from "zod";
import type { StorageConnection } from "./clients/tables/table";
import {
  countByKind,
  type ThresholdsByKind,
  thresholdConflicts,
  thresholdsByKind,
} from "./clients/virustotal/thresholds";
import { type WorkspaceRef, workspaceRefFrom } from "./domain/incident/incident";
import { allowedFrom } from "./domain/indicators/allowed";
import { type IndicatorKind, indicatorKinds } from "./domain/indicators/indicator";
import type { Screening } from "./domain/indicators/screening";
import { urlDetails } from "./domain/indicators/url-privacy";
import type { QuotaSetting } from "./domain/lookups/quota";
import {
  type AlertMode,
  alertModes,
  type CommentDetail,
  type CommentFormat,
  type CommentWhen,
  commentConditions,
  commentDetails,
  commentFormats,
} from "./domain/run/settings";
import { version } from "./package.json";

/*
 * The kinds of values that a setting may have: each schema reads the setting's text, and its messages complete a
 * sentence that begins with the setting's name.
 */

const switched = z
  .enum(["true", "false"], { error: "must be true or false" })
  .transform((text) => text === "true");

const wholeNumber = (least: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, "must be a whole number")
    .transform(Number)
    .refine((n) => n >= least, `must be at least ${least}`);

/** A service's quota. */
const requests = z
  .union([z.literal("auto"), wholeNumber(0)], { error: "must be auto or a whole number, 0 for no limit" })
  .default("auto");

const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: `must be one of ${values.join(", ")}` });

/** Items separated by commas, each read by itself; a problem says what the item is. */
const listRead = <T>(read: (item: string) => { readonly entry: T } | { readonly problem: string }) =>
  z.string().transform((text, context) =>
    itemsOf(text).map((item) => {
      const reading = read(item);
      if ("entry" in reading) return reading.entry;
      context.addIssue(`holds ${JSON.stringify(item)}, which is ${reading.problem}`);
      return z.NEVER;
    }),
  );

/** The same with items that are all of one kind, which `what` names. */
const listOf = <T>(read: (item: string) => T | undefined, what: string) =>
  listRead((item) => {
    const entry = read(item);
    return entry === undefined ? { problem: `not ${what}` } : { entry };
  });

const itemsOf = (text: string) =>
  text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");

/** Base URL of a service, without a slash at its end. `hosts` says in the message which ones are accepted. */
const endpoint = (accepts: (url: URL) => boolean = () => true, hosts = "") =>
  z.string().transform((text, context) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const fits =
      url && (isLoopback(url) ? /^https?:$/.test(url.protocol) : url.protocol === "https:" && accepts(url));
    if (fits) return text.replace(/\/+$/, "");
    context.addIssue(`must be an https:// address${hosts}; http:// is accepted for loopback hosts only`);
    return z.NEVER;
  });

const isLoopback = (url: URL) => ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);

export interface Config {
  readonly version: string;
  /** Core Tools and the local host: calls need no platform authentication. */
  readonly development: boolean;
  /** App Service authentication is switched on. */
  readonly platformAuthentication: boolean;
  readonly workspaces: readonly WorkspaceRef[];
  /** Object ids that may start runs, lower case. */
  readonly relayPrincipalIds: readonly string[];
  readonly keyVaultUrl: string | undefined;
  readonly virustotal: {
    readonly apiKey: string | undefined;
    readonly endpoint: string;
    readonly kinds: readonly IndicatorKind[];
    readonly quota: QuotaSetting;
    readonly thresholds: ThresholdsByKind;
  };
  readonly intezer: {
    readonly apiKey: string | undefined;
    readonly endpoint: string;
    readonly files: boolean;
    readonly urls: boolean;
    /** New analyses; 0: no limit but the plan's. */
    readonly analysesPerDay: number;
    readonly alerts: AlertMode;
    readonly webhookAuthorization: string | undefined;
  };
  /** Where tables are kept; the host reads the same settings for the task hub. */
  readonly storage: StorageConnection;
  /** Client id of the managed identity to use, where the app has several. */
  readonly storageIdentity: string | undefined;
  readonly sentinelEndpoint: string;
  readonly logAnalyticsEndpoint: string;
  readonly screening: Screening;
  readonly firstCommentSeconds: number;
  readonly deadlineSeconds: number;
  readonly entityRetrySeconds: readonly number[];
  readonly commentWhen: CommentWhen;
  readonly commentDetail: CommentDetail;
  readonly commentFormat: CommentFormat;
  readonly dryRun: boolean;
  readonly historyRetentionDays: number;
  /** Of the function app on Azure. */
  readonly siteName: string | undefined;
}

/** Hosts of Azure Resource Manager in Microsoft's clouds: an Azure token goes nowhere else. */
const resourceManagerHosts = [
  "management.azure.com",
  "management.usgovcloudapi.net",
  "management.chinacloudapi.cn",
];

/** The same for queries in Log Analytics. */
const logAnalyticsHosts = ["api.loganalytics.io", "api.loganalytics.us", "api.loganalytics.azure.cn"];

const kindNamed = (name: string) => indicatorKinds.find((kind) => kind === name);
const secondsFrom = (text: string) => (/^\d{1,6}$/.test(text) ? Number(text) : undefined);
const objectIdFrom = (text: string) => (/^[0-9a-f-]{36}$/i.test(text) ? text.toLowerCase() : undefined);

const settings = z.object({
  AZURE_FUNCTIONS_ENVIRONMENT: z.string().default("Production"),
  WEBSITE_AUTH_ENABLED: z.string().default("false"),
  WEBSITE_SITE_NAME: z.string().optional(),
  AzureWebJobsStorage: z.string().optional(),
  SENTINEL_WORKSPACES: listOf(workspaceRefFrom, "the ARM id of a Log Analytics workspace").refine(
    (all) => all.length > 0,
    "must name the ARM id of at least one workspace",
  ),
  RELAY_PRINCIPAL_IDS: listOf(objectIdFrom, "an object id (a GUID)").default([]),
  KEY_VAULT_URL: endpoint().optional(),
  VIRUSTOTAL_API_KEY: z.string().optional(),
  INTEZER_API_KEY: z.string().optional(),
  INTEZER_WEBHOOK_AUTHORIZATION: z.string().optional(),
  VIRUSTOTAL_KINDS: listOf(kindNamed, `one of ${indicatorKinds.join(", ")}`).default([...indicatorKinds]),
  VIRUSTOTAL_REQUESTS_PER_MINUTE: requests,
  VIRUSTOTAL_REQUESTS_PER_DAY: requests,
  VIRUSTOTAL_REQUESTS_PER_MONTH: requests,
  VIRUSTOTAL_MALICIOUS_FROM: countByKind(5),
  VIRUSTOTAL_SUSPICIOUS_FROM: countByKind(2),
  INTEZER_FILES: switched.default(true),
  INTEZER_URLS: switched.default(false),
  INTEZER_ANALYSES_PER_DAY: wholeNumber(0).default(0),
  INTEZER_ALERTS: oneOf(alertModes).default("off"),
  ALLOWED_INDICATORS: listRead(allowedFrom).default([]),
  URL_DETAIL: oneOf(urlDetails).default("safe"),
  FIRST_COMMENT_SECONDS: wholeNumber(1).default(300),
  ENRICHMENT_DEADLINE_SECONDS: wholeNumber(1).default(1800),
  ENTITY_RETRY_SECONDS: listOf(secondsFrom, "a number of seconds").default([60, 300, 600]),
  COMMENT_WHEN: oneOf(commentConditions).default("indicators"),
  COMMENT_DETAIL: oneOf(commentDetails).default("worst"),
  COMMENT_FORMAT: oneOf(commentFormats).default("html"),
  DRY_RUN: switched.default(false),
  HISTORY_RETENTION_DAYS: wholeNumber(1).default(30),
  VIRUSTOTAL_ENDPOINT: endpoint().default("https://www.virustotal.com/api/v3"),
  INTEZER_ENDPOINT: endpoint().default("https://analyze.intezer.com/api/v2-0"),
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

/** What no single setting shows to be wrong. */
function conflictsIn(s: Settings): string[] {
  const hasVault = s.KEY_VAULT_URL !== undefined;
  const hasIntezer = hasVault || s.INTEZER_API_KEY !== undefined;
  const rules: [broken: boolean, message: string][] = [
    [
      !hasIntezer && s.VIRUSTOTAL_API_KEY === undefined,
      "VIRUSTOTAL_API_KEY, INTEZER_API_KEY: no provider has a key: set one of them, or KEY_VAULT_URL",
    ],
    [
      !hasIntezer && s.INTEZER_ALERTS !== "off",
      `INTEZER_ALERTS: is ${s.INTEZER_ALERTS}, but Intezer has no key: set INTEZER_API_KEY or KEY_VAULT_URL, or switch it off`,
    ],
    [
      s.FIRST_COMMENT_SECONDS >= s.ENRICHMENT_DEADLINE_SECONDS,
      `FIRST_COMMENT_SECONDS: must be below ENRICHMENT_DEADLINE_SECONDS (${s.ENRICHMENT_DEADLINE_SECONDS})`,
    ],
  ];
  return [
    ...rules.filter(([broken]) => broken).map(([, message]) => message),
    ...thresholdConflicts(s.VIRUSTOTAL_MALICIOUS_FROM, s.VIRUSTOTAL_SUSPICIOUS_FROM),
  ];
}

/**
 * Reads all settings at once. Throws one error that names everything that is wrong; it quotes no secret.
 * An empty setting counts as unset, since portals and templates cannot always leave one out.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ""),
  );
  const storage = storageFrom(given);
  const read = settings.safeParse(given);
  const wrong = [
    ...(read.success ? conflictsIn(read.data) : read.error.issues.map(issueText)),
    ...(storage ? [] : [noStorage]),
  ];
  if (!read.success || !storage || wrong.length > 0) {
    throw new Error(`The settings are not usable. Correct these and start again:\n  ${wrong.join("\n  ")}`);
  }
  return configFrom(read.data, storage, given[`${storageSetting}__clientId`]);
}

const storageSetting = "AzureWebJobsStorage";
const noStorage = `${storageSetting}: must be set: it holds the task hub, the lookup cache and the quota. A connection string, or for an identity ${storageSetting}__accountName or ${storageSetting}__tableServiceUri (https://...)`;

/** As the Functions host reads its storage: a connection string, or by identity an account's name or its addresses. */
function storageFrom(given: Readonly<Record<string, string | undefined>>): StorageConnection | undefined {
  const { [storageSetting]: value, [`${storageSetting}__accountName`]: account } = given;
  if (value !== undefined) return { kind: "connectionString", value };
  const address = account && `https://${account}.table.core.windows.net`;
  const read = endpoint().safeParse(given[`${storageSetting}__tableServiceUri`] ?? address);
  return read.success ? { kind: "identity", endpoint: read.data } : undefined;
}

const issueText = ({ path, code, message }: z.core.$ZodIssue) =>
  `${String(path[0])}: ${code === "invalid_type" ? "must be set" : message}`;

function configFrom(s: Settings, storage: StorageConnection, storageIdentity: string | undefined): Config {
  return {
    version,
    development: s.AZURE_FUNCTIONS_ENVIRONMENT === "Development",
    platformAuthentication: s.WEBSITE_AUTH_ENABLED.toLowerCase() === "true",
    workspaces: s.SENTINEL_WORKSPACES,
    relayPrincipalIds: s.RELAY_PRINCIPAL_IDS,
    keyVaultUrl: s.KEY_VAULT_URL,
    virustotal: {
      apiKey: s.VIRUSTOTAL_API_KEY,
      endpoint: s.VIRUSTOTAL_ENDPOINT,
      kinds: s.VIRUSTOTAL_KINDS,
      quota: {
        perMinute: s.VIRUSTOTAL_REQUESTS_PER_MINUTE,
        perDay: s.VIRUSTOTAL_REQUESTS_PER_DAY,
        perMonth: s.VIRUSTOTAL_REQUESTS_PER_MONTH,
      },
      thresholds: thresholdsByKind(s.VIRUSTOTAL_MALICIOUS_FROM, s.VIRUSTOTAL_SUSPICIOUS_FROM),
    },
    intezer: {
      apiKey: s.INTEZER_API_KEY,
      endpoint: s.INTEZER_ENDPOINT,
      files: s.INTEZER_FILES,
      urls: s.INTEZER_URLS,
      analysesPerDay: s.INTEZER_ANALYSES_PER_DAY,
      alerts: s.INTEZER_ALERTS,
      webhookAuthorization: s.INTEZER_WEBHOOK_AUTHORIZATION,
    },
    storage,
    storageIdentity,
    sentinelEndpoint: s.SENTINEL_ENDPOINT,
    logAnalyticsEndpoint: s.LOG_ANALYTICS_ENDPOINT,
    screening: { allowed: s.ALLOWED_INDICATORS, urlDetail: s.URL_DETAIL },
    firstCommentSeconds: s.FIRST_COMMENT_SECONDS,
    deadlineSeconds: s.ENRICHMENT_DEADLINE_SECONDS,
    entityRetrySeconds: s.ENTITY_RETRY_SECONDS,
    commentWhen: s.COMMENT_WHEN,
    commentDetail: s.COMMENT_DETAIL,
    commentFormat: s.COMMENT_FORMAT,
    dryRun: s.DRY_RUN,
    historyRetentionDays: s.HISTORY_RETENTION_DAYS,
    siteName: s.WEBSITE_SITE_NAME,
  };
}
