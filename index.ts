import { app, type InvocationContext } from "@azure/functions";
import * as df from "durable-functions";
import { createActivities } from "./activities/index";
import type { Invocation } from "./activities/invocation";
import { createAppSecrets } from "./clients/app-secrets";
import { createAzureCredential } from "./clients/azure-credential";
import { createIntezerClient } from "./clients/intezer/client";
import { createIntezerProvider } from "./clients/intezer/provider";
import { createIntezerTriage } from "./clients/intezer/triage/triage-service";
import { createLogAnalytics } from "./clients/log-analytics";
import { createSentinelStore } from "./clients/sentinel/store";
import { createLookupCache } from "./clients/tables/lookup-cache";
import { createQuotaLedger } from "./clients/tables/quota-ledger";
import { createTableStorage } from "./clients/tables/table";
import { toTaskHub } from "./clients/task-hub";
import { createVirusTotal } from "./clients/virustotal/provider";
import { readConfig } from "./config";
import { indicatorKinds } from "./domain/indicators/indicator";
import { createAnalysisBudget } from "./domain/lookups/analysis-budget";
import type { Provider } from "./domain/lookups/provider";
import { switchedOffBy } from "./domain/lookups/provider";
import type { ProviderPlan, RunSettings } from "./domain/run/settings";
import { consultProvider } from "./orchestrators/consult-provider";
import { deliverTriage } from "./orchestrators/deliver-triage";
import { enrichAgain } from "./orchestrators/enrich-again";
import { enrichIncident } from "./orchestrators/enrich-incident";
import { orchestratorNames } from "./orchestrators/names";
import { submitIncident } from "./orchestrators/submit-incident";
import { createHealth } from "./triggers/health";
import { createIncidentTrigger } from "./triggers/incident";
import { createIntezerWebhook } from "./triggers/intezer-webhook";
import { createPurgeHistory, purgeSchedule } from "./triggers/purge-history";

const config = readConfig();

const now = () => Date.now();
const userAgent = `sentinel-incident-enricher/${config.version}`;
const credential = createAzureCredential();
const timeoutMs = 20_000;
/** Tables and vault are asked before and after a lookup of 18 s, in an activity of at most 30 s. */
const tableTimeoutMs = 2_000;
const vaultTimeoutMs = 5_000;

const secrets = createAppSecrets(config, { credential, timeoutMs: vaultTimeoutMs, now });

const tables = createTableStorage({
  connection: config.storage,
  credential: config.storageIdentity ? createAzureCredential(config.storageIdentity) : credential,
  timeoutMs: tableTimeoutMs,
});
const cache = createLookupCache({ table: tables.open("EnricherLookUps"), now });
const ledger = createQuotaLedger({ table: tables.open("EnricherQuota"), now });
const { analysesPerDay } = config.intezer;

const virustotalOff = indicatorKinds
  .filter((kind) => !config.virustotal.kinds.includes(kind))
  .map((kind) => [kind, switchedOffBy("VIRUSTOTAL_KINDS")]);
const virustotal = createVirusTotal({
  endpoint: config.virustotal.endpoint,
  key: secrets.virustotal,
  kinds: config.virustotal.kinds,
  off: Object.fromEntries(virustotalOff),
  quota: config.virustotal.quota,
  thresholds: config.virustotal.thresholds,
  userAgent,
  now,
});
const client = createIntezerClient({
  endpoint: config.intezer.endpoint,
  key: secrets.intezer,
  userAgent,
  now,
});
const intezer = createIntezerProvider({
  client,
  files: config.intezer.files,
  urls: config.intezer.urls,
  ...(analysesPerDay > 0 ? { budget: createAnalysisBudget(ledger, "intezer", analysesPerDay) } : {}),
  now,
});
const triage = createIntezerTriage({ client, now });

/** What an orchestrator has to know of a provider; without a key it is asked about nothing. */
function planOf(
  { id, title, kinds, off, quota }: Provider,
  apiKey: string | undefined,
  setting: string,
): ProviderPlan {
  if (apiKey || config.keyVaultUrl) return { id, title, kinds, off, quota };
  const noKey = kinds.map((kind) => [kind, `${title} has no API key: set ${setting}`]);
  return { id, title, kinds: [], off: { ...off, ...Object.fromEntries(noKey) }, quota };
}

const settings: RunSettings = {
  firstCommentSeconds: config.firstCommentSeconds,
  deadlineSeconds: config.deadlineSeconds,
  entityRetrySeconds: config.entityRetrySeconds,
  commentWhen: config.commentWhen,
  commentDetail: config.commentDetail,
  alerts: config.intezer.alerts,
  dryRun: config.dryRun,
  providers: [
    planOf(virustotal, config.virustotal.apiKey, "VIRUSTOTAL_API_KEY"),
    planOf(intezer, config.intezer.apiKey, "INTEZER_API_KEY"),
  ],
};

const durableClient = df.input.durableClient();
const hubOf = (context: InvocationContext) => toTaskHub(df.getClient(context));
const invocationOf = (context: InvocationContext): Invocation => ({
  log: (sentence, fields) => context.log(sentence, fields),
  hub: hubOf(context),
});

const activities = createActivities({
  incidents: createSentinelStore({ endpoint: config.sentinelEndpoint, credential, timeoutMs }),
  alerts: createLogAnalytics({ ...config, endpoint: config.logAnalyticsEndpoint, credential, timeoutMs }),
  providers: [virustotal, intezer],
  cache,
  ledger,
  now,
  triage,
  screening: config.screening,
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

app.http("incident", {
  route: "incidents",
  methods: ["POST"],
  authLevel: "anonymous",
  extraInputs: [durableClient],
  handler: createIncidentTrigger({ ...config, settings, toTaskHub: hubOf }),
});
app.http("intezerWebhook", {
  route: "webhooks/intezer",
  methods: ["POST"],
  authLevel: "function",
  extraInputs: [durableClient],
  handler: createIntezerWebhook({ ...config, settings, authorization: secrets.webhook, toTaskHub: hubOf }),
});
app.http("health", {
  route: "health",
  methods: ["GET"],
  authLevel: "anonymous",
  extraInputs: [durableClient],
  handler: createHealth({
    ...config,
    secrets: config.keyVaultUrl ? Object.values(secrets) : [],
    toTaskHub: hubOf,
  }),
});
app.timer("purgeHistory", {
  schedule: purgeSchedule,
  extraInputs: [durableClient],
  handler: createPurgeHistory({ retentionDays: config.historyRetentionDays, cache, toTaskHub: hubOf }),
});
