import { app, type HttpFunctionOptions, type InvocationContext } from "@azure/functions";
import * as df from "durable-functions";
import { createActivities } from "./activities/index";
import type { Invocation } from "./activities/invocation";
import { isLoopback } from "./clients/azure-client";
import { createAzureCredential } from "./clients/azure-credential";
import { createContextSource } from "./clients/log-analytics/context-source";
import { createLogReader } from "./clients/log-analytics/log-reader";
import { wholeAnswersOf } from "./clients/log-query";
import { createAppSecrets, createProviders, readHalfDays } from "./clients/providers";
import { createResultsSink } from "./clients/results-sink";
import { createAlertIndex } from "./clients/sentinel/alert-index";
import { incidentFrom } from "./clients/sentinel/arm-id";
import { createIncidentList } from "./clients/sentinel/incident-list";
import { createSentinelStore } from "./clients/sentinel/store";
import { createWatchlist } from "./clients/sentinel/watchlist";
import { createChangeMarks } from "./clients/tables/change-marks";
import { createLookupCache } from "./clients/tables/lookup-cache";
import { createQuotaLedger } from "./clients/tables/quota-ledger";
import { createTableStorage } from "./clients/tables/table";
import { toTaskHub } from "./clients/task-hub";
import { type Config, readConfig, SettingsError } from "./config";
import { planOf, type RunSettings } from "./domain/run/settings";
import { consultProvider } from "./orchestrators/consult-provider";
import { deliverTriage } from "./orchestrators/deliver-triage";
import { enrichAgain } from "./orchestrators/enrich-again";
import { enrichIncident } from "./orchestrators/enrich-incident";
import { orchestratorNames } from "./orchestrators/names";
import { sendResults } from "./orchestrators/send-results";
import { submitIncident } from "./orchestrators/submit-incident";
import { version } from "./package.json";
import { createHealth } from "./triggers/health";
import { createIncidentTrigger } from "./triggers/incident";
import { createIntezerWebhook } from "./triggers/intezer-webhook";
import { createPurgeHistory, purgeSchedule } from "./triggers/purge-history";
import { createReconcile } from "./triggers/reconcile";
import { createUnconfigured } from "./triggers/unconfigured";

const now = () => Date.now();
const timeoutMs = 20_000;
/** For a list of a thousand incidents. */
const listTimeoutMs = 10_000;
/** Tables and vault are read before and after a lookup of 18 s, in an activity of at most 30 s. */
const tableTimeoutMs = 2_000;
const vaultTimeoutMs = 5_000;
/** The first comment waits for a lookup: a query without an answer by then is retried. */
const lookupQueryTimeoutMs = 10_000;

const routes = {
  incident: { route: "incidents", methods: ["POST"], authLevel: "anonymous" },
  intezerWebhook: { route: "webhooks/intezer", methods: ["POST"], authLevel: "function" },
  health: { route: "health", methods: ["GET"], authLevel: "anonymous" },
} as const satisfies Readonly<Record<string, Omit<HttpFunctionOptions, "handler">>>;

/** What is wrong with the settings; the local host ends with this message, a Functions host cannot. */
export const settingsError = start();

function start(): string | undefined {
  try {
    register(readConfig());
    return undefined;
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const { message, settings } = error;
    const { refuse, health } = createUnconfigured({ version, message, settings });
    app.http("incident", { ...routes.incident, handler: refuse });
    app.http("intezerWebhook", { ...routes.intezerWebhook, handler: refuse });
    app.http("health", { ...routes.health, handler: health });
    return message;
  }
}

function register(config: Config): void {
  const userAgent = `sentinel-incident-enricher/${config.version}`;
  const credential = createAzureCredential();

  const tables = createTableStorage({
    connection: config.storage,
    credential: config.storageIdentity ? createAzureCredential(config.storageIdentity) : credential,
    timeoutMs: tableTimeoutMs,
  });
  const cache = createLookupCache({ table: tables.open("EnricherLookUps"), now });
  const ledger = createQuotaLedger({ table: tables.open("EnricherQuota"), now });

  const secrets = createAppSecrets(config, { credential, timeoutMs: vaultTimeoutMs, now });
  const readLogs = createLogReader({ endpoint: config.logAnalyticsEndpoint, credential, timeoutMs, now });
  const runLogQuery = wholeAnswersOf(readLogs, lookupQueryTimeoutMs);
  const watchlist =
    config.allowedWatchlist && createWatchlist({ ...config.allowedWatchlist, runLogQuery, now });
  const created = createProviders(config.providers, {
    secrets,
    credential,
    runLogQuery,
    workspaces: config.workspaces,
    ledger,
    incidentFrom,
    userAgent,
    now,
  });
  const providers = created.map(({ provider }) => provider);
  const triage = created.find((each) => each.triage)?.triage;
  const descriptions = config.providers.map(({ description }) => description);

  const settings: RunSettings = {
    firstCommentSeconds: config.firstCommentSeconds,
    deadlineSeconds: config.deadlineSeconds,
    entityRetrySeconds: config.entityRetrySeconds,
    commentWhen: config.commentWhen,
    commentDetail: config.commentDetail,
    alerts: triage?.mode ?? "off",
    dryRun: config.dryRun,
    ...(config.sightings && { sightings: config.sightings }),
    ...(config.resultsRules.length > 0 ? { sendsResults: true } : {}),
    providers: providers.map(planOf),
  };

  const durableClient = df.input.durableClient();
  const hubOf = (context: InvocationContext) => toTaskHub(df.getClient(context));
  const invocationOf = (context: InvocationContext): Invocation => ({
    log: (sentence, fields) => context.log(sentence, fields),
    hub: hubOf(context),
  });

  const incidents = createSentinelStore({ endpoint: config.sentinelEndpoint, credential, timeoutMs });
  const activities = createActivities({
    incidents,
    alerts: createAlertIndex({ ...config, runQuery: wholeAnswersOf(readLogs) }),
    context: createContextSource(readLogs),
    linkHosts: [...incidents.linkHosts, ...descriptions.flatMap(({ linkHosts }) => linkHosts)],
    providers,
    cache,
    ledger,
    now,
    triage: triage?.service,
    screening: config.screening,
    watchlist,
    results: createResultsSink({ rules: config.resultsRules, credential, timeoutMs }),
    simulated: providers.flatMap(({ id, endpoint }) => (endpoint && isLoopback(endpoint) ? [id] : [])),
    commentFormat: config.commentFormat,
    version: config.version,
  });
  for (const [name, activity] of Object.entries(activities)) {
    const run = activity as (input: unknown, invocation: Invocation) => Promise<unknown>;
    df.app.activity(name, {
      handler: (input: unknown, context: InvocationContext) => run(input, invocationOf(context)),
      extraInputs: [durableClient],
    });
  }

  df.app.orchestration(orchestratorNames.enrichIncident, enrichIncident);
  df.app.orchestration(orchestratorNames.consultProvider, consultProvider);
  df.app.orchestration(orchestratorNames.submitIncident, submitIncident);
  df.app.orchestration(orchestratorNames.deliverTriage, deliverTriage);
  df.app.orchestration(orchestratorNames.enrichAgain, enrichAgain);
  df.app.orchestration(orchestratorNames.sendResults, sendResults);

  const exclusions = Object.fromEntries(descriptions.map(({ id, exclusions }) => [id, exclusions]));
  app.http("incident", {
    ...routes.incident,
    extraInputs: [durableClient],
    handler: createIncidentTrigger({
      ...config,
      incidentFrom,
      settings,
      exclusions,
      toTaskHub: hubOf,
    }),
  });
  if (triage)
    app.http("intezerWebhook", {
      ...routes.intezerWebhook,
      extraInputs: [durableClient],
      handler: createIntezerWebhook({ ...config, ...triage, incidentFrom, settings, toTaskHub: hubOf }),
    });
  app.http("health", {
    ...routes.health,
    extraInputs: [durableClient],
    handler: createHealth({
      ...config,
      secrets: config.keyVaultUrl ? [...secrets.values()] : [],
      toTaskHub: hubOf,
    }),
  });
  const { mode, schedule, severities } = config.reconciliation;
  if (mode !== "off")
    app.timer("reconcile", {
      schedule,
      extraInputs: [durableClient],
      handler: createReconcile({
        ...config,
        mode,
        severities,
        settings,
        exclusions,
        watchlist,
        listIncidents: createIncidentList({
          endpoint: config.sentinelEndpoint,
          credential,
          timeoutMs: listTimeoutMs,
        }),
        incidents,
        marks: createChangeMarks(tables.open("EnricherMarks")),
        readHalfDays: () => readHalfDays(created),
        toTaskHub: hubOf,
      }),
    });
  app.timer("purgeHistory", {
    schedule: purgeSchedule,
    extraInputs: [durableClient],
    handler: createPurgeHistory({ retentionDays: config.historyRetentionDays, cache, toTaskHub: hubOf }),
  });
}
