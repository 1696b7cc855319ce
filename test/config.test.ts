import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Config, readConfig, settingNames } from "../config";

const workspace =
  "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/soc/providers/Microsoft.OperationalInsights/workspaces/siem-prod";
const least = {
  AzureWebJobsStorage: "UseDevelopmentStorage=true",
  SENTINEL_WORKSPACES: workspace,
  VIRUSTOTAL_API_KEY: "a-key",
};

const rule = `https://siem-ab12.westeurope-1.ingest.monitor.azure.com/dataCollectionRules/dcr-${"0123456789abcdef".repeat(2)}`;

const providerSettings = ({ providers }: Config) =>
  Object.assign({}, ...providers.map(({ settings }) => settings));

describe("readConfig", () => {
  it("fills every other setting with its documented default", () => {
    const config = readConfig(least);
    expect(providerSettings(config)).toMatchObject({
      VIRUSTOTAL_ENDPOINT: "https://www.virustotal.com/api/v3",
      VIRUSTOTAL_KINDS: ["file", "url", "domain", "address"],
      VIRUSTOTAL_REQUESTS_PER_MINUTE: "auto",
      VIRUSTOTAL_REQUESTS_PER_DAY: "auto",
      VIRUSTOTAL_REQUESTS_PER_MONTH: "auto",
      VIRUSTOTAL_MALICIOUS_FROM: { file: 5, url: 5, domain: 5, address: 5 },
      VIRUSTOTAL_SUSPICIOUS_FROM: { file: 2, url: 2, domain: 2, address: 2 },
      INTEZER_ENDPOINT: "https://analyze.intezer.com/api/v2-0",
      INTEZER_FILES: true,
      INTEZER_URLS: false,
      INTEZER_ANALYSES_PER_DAY: 0,
      INTEZER_ALERTS: "off",
    });
    expect(config).toMatchObject({
      development: false,
      platformAuthentication: false,
      relayPrincipalIds: [],
      sentinelEndpoint: "https://management.azure.com",
      logAnalyticsEndpoint: "https://api.loganalytics.io/v1",
      screening: { allowed: [], urlDetail: "safe" },
      firstCommentSeconds: 300,
      deadlineSeconds: 1800,
      entityRetrySeconds: [60, 300, 600],
      commentWhen: "indicators",
      commentDetail: "worst",
      commentFormat: "html",
      dryRun: false,
      historyRetentionDays: 30,
      reconciliation: {
        mode: "known",
        schedule: "0 */15 * * * *",
        severities: ["High", "Medium", "Low"],
      },
      resultsRules: [],
    });
  });

  it("reads what is set", () => {
    const config = readConfig({
      ...least,
      AZURE_FUNCTIONS_ENVIRONMENT: "Development",
      WEBSITE_AUTH_ENABLED: "True",
      RELAY_PRINCIPAL_IDS: "AAAAAAAA-0000-0000-0000-000000000001, bbbbbbbb-0000-0000-0000-000000000002",
      VIRUSTOTAL_KINDS: "file, url",
      VIRUSTOTAL_MALICIOUS_FROM: "4, address:10",
      VIRUSTOTAL_SUSPICIOUS_FROM: "address:5,url:1",
      VIRUSTOTAL_REQUESTS_PER_MINUTE: "0",
      VIRUSTOTAL_REQUESTS_PER_DAY: "1000",
      INTEZER_ALERTS: "submit",
      INTEZER_API_KEY: "another-key",
      ENTITY_RETRY_SECONDS: "5",
      ALLOWED_INDICATORS: "contoso.com, url:www.contoso.com",
      URL_DETAIL: "full",
      VIRUSTOTAL_ENDPOINT: "http://127.0.0.1:8080/api/v3/",
      DRY_RUN: "true",
      COMMENT_DETAIL: "full",
      COMMENT_FORMAT: "text",
      RECONCILE: "all",
      RECONCILE_SCHEDULE: " */5  8-18 * * 1-5",
      RECONCILE_SEVERITIES: "high, Informational",
    });
    expect(providerSettings(config)).toMatchObject({
      VIRUSTOTAL_KINDS: ["file", "url"],
      VIRUSTOTAL_REQUESTS_PER_MINUTE: 0,
      VIRUSTOTAL_REQUESTS_PER_DAY: 1000,
      VIRUSTOTAL_REQUESTS_PER_MONTH: "auto",
      VIRUSTOTAL_ENDPOINT: "http://127.0.0.1:8080/api/v3",
      VIRUSTOTAL_MALICIOUS_FROM: { file: 4, url: 4, domain: 4, address: 10 },
      VIRUSTOTAL_SUSPICIOUS_FROM: { file: 2, url: 1, domain: 2, address: 5 },
      INTEZER_ALERTS: "submit",
    });
    expect(config.secretValues).toEqual({ VIRUSTOTAL_API_KEY: "a-key", INTEZER_API_KEY: "another-key" });
    expect(config).toMatchObject({
      development: true,
      platformAuthentication: true,
      relayPrincipalIds: ["aaaaaaaa-0000-0000-0000-000000000001", "bbbbbbbb-0000-0000-0000-000000000002"],
      entityRetrySeconds: [5],
      screening: {
        allowed: [
          { kind: "domain", name: "contoso.com" },
          { kind: "url", host: "www.contoso.com" },
        ],
        urlDetail: "full",
      },
      dryRun: true,
      commentDetail: "full",
      commentFormat: "text",
      reconciliation: { mode: "all", schedule: "*/5 8-18 * * 1-5", severities: ["High", "Informational"] },
    });
  });

  it.each([
    ["no workspace", { SENTINEL_WORKSPACES: undefined }, "SENTINEL_WORKSPACES: must be set"],
    ["a workspace that is no ARM id", { SENTINEL_WORKSPACES: `${workspace},siem` }, 'holds "siem"'],
    ["no storage", { AzureWebJobsStorage: undefined }, "AzureWebJobsStorage: must be set"],
    ["no key and no vault", { VIRUSTOTAL_API_KEY: "" }, "no provider has a key"],
    [
      "alerts without an Intezer key",
      { INTEZER_ALERTS: "submit" },
      "INTEZER_ALERTS: is submit, but Intezer has no key",
    ],
    ["an unknown mode", { INTEZER_ALERTS: "on" }, "INTEZER_ALERTS: must be one of submit, listen, off"],
    ["an unknown kind", { VIRUSTOTAL_KINDS: "file,mail" }, 'VIRUSTOTAL_KINDS: holds "mail"'],
    [
      "a negative quota",
      { VIRUSTOTAL_REQUESTS_PER_DAY: "-1" },
      "VIRUSTOTAL_REQUESTS_PER_DAY: must be auto or a whole number",
    ],
    [
      "a deadline before the comment",
      { ENRICHMENT_DEADLINE_SECONDS: "300" },
      "FIRST_COMMENT_SECONDS: must be below",
    ],
    ["no second at all", { FIRST_COMMENT_SECONDS: "0" }, "FIRST_COMMENT_SECONDS: must be at least 1"],
    ["a switch that is neither", { DRY_RUN: "yes" }, "DRY_RUN: must be true or false"],
    [
      "thresholds upside down",
      { VIRUSTOTAL_SUSPICIOUS_FROM: "9" },
      "VIRUSTOTAL_SUSPICIOUS_FROM: must not be above VIRUSTOTAL_MALICIOUS_FROM (5 for file)",
    ],
    [
      "thresholds of one kind upside down",
      { VIRUSTOTAL_MALICIOUS_FROM: "5,address:10,url:1" },
      "VIRUSTOTAL_SUSPICIOUS_FROM: must not be above VIRUSTOTAL_MALICIOUS_FROM (1 for url)",
    ],
    [
      "a threshold of a kind that there is not",
      { VIRUSTOTAL_MALICIOUS_FROM: "5,adress:10" },
      'VIRUSTOTAL_MALICIOUS_FROM: holds "adress:10"',
    ],
    ["a threshold of none", { VIRUSTOTAL_SUSPICIOUS_FROM: "0" }, 'VIRUSTOTAL_SUSPICIOUS_FROM: holds "0"'],
    [
      "two thresholds for one kind",
      { VIRUSTOTAL_MALICIOUS_FROM: "address:9,address:10" },
      "VIRUSTOTAL_MALICIOUS_FROM: says it twice for address",
    ],
    [
      "two thresholds for all kinds",
      { VIRUSTOTAL_MALICIOUS_FROM: "5,6" },
      "VIRUSTOTAL_MALICIOUS_FROM: says it twice for all kinds",
    ],
    [
      "plain http to VirusTotal",
      { VIRUSTOTAL_ENDPOINT: "http://example.com" },
      "VIRUSTOTAL_ENDPOINT: must be an https:// URL",
    ],
    [
      "plain http to Intezer",
      { INTEZER_ENDPOINT: "http://10.0.0.1" },
      "INTEZER_ENDPOINT: must be an https:// URL",
    ],
    [
      "another host as Azure",
      { SENTINEL_ENDPOINT: "https://evil.example" },
      "SENTINEL_ENDPOINT: must be an https:// URL of Azure Resource Manager",
    ],
    [
      "a vault without TLS",
      { KEY_VAULT_URL: "http://vault.example" },
      "KEY_VAULT_URL: must be an https:// URL",
    ],
    [
      "public suffixes as allowed",
      { ALLOWED_INDICATORS: "contoso.com, co.uk" },
      'holds "co.uk", which is a public',
    ],
    ["half the internet as allowed", { ALLOWED_INDICATORS: "0.0.0.0/1" }, "which is a range wider than /8"],
    ["nonsense as allowed", { ALLOWED_INDICATORS: "*.contoso.com" }, "ALLOWED_INDICATORS: holds"],
    ["an unknown reconciliation", { RECONCILE: "some" }, "RECONCILE: must be one of off, known, all"],
    ["an unknown severity", { RECONCILE_SEVERITIES: "High,Severe" }, 'RECONCILE_SEVERITIES: holds "Severe"'],
    ["a schedule of minute 75", { RECONCILE_SCHEDULE: "0 75 * * * *" }, "RECONCILE_SCHEDULE: must be an NC"],
    ["an unknown URL detail", { URL_DETAIL: "some" }, "URL_DETAIL: must be one of safe, full"],
    [
      "another host as Log Analytics",
      { LOG_ANALYTICS_ENDPOINT: "https://evil.example/v1" },
      "LOG_ANALYTICS_ENDPOINT: must be an https:// URL of Log Analytics",
    ],
    ["a results table that is yes", { RESULTS_TABLE: "yes" }, "RESULTS_TABLE: must be on or off"],
    [
      "a results table without a rule for a workspace",
      { RESULTS_TABLE: "on", RESULTS_RULES: `${workspace.replace("siem-prod", "siem-lab")}=${rule}` },
      `RESULTS_RULES: has no rule for the workspace ${workspace.toLowerCase()}`,
    ],
    ...[
      `${workspace}=http://siem-ab12.westeurope-1.ingest.monitor.azure.com/dataCollectionRules/dcr-${"0".repeat(32)}`,
      `${workspace}=https://ingest.monitor.azure.com.evil.example/dataCollectionRules/dcr-${"0".repeat(32)}`,
      `${workspace}=https://user@siem-ab12.westeurope-1.ingest.monitor.azure.com/dataCollectionRules/dcr-${"0".repeat(32)}`,
      `${workspace}=${rule}/streams/Other`,
      `${workspace}=dcr-${"0".repeat(32)}`,
      `my-workspace=${rule}`,
      rule,
    ].map((given): [string, Record<string, string>, string] => [
      `${given} as a rule`,
      { RESULTS_RULES: given },
      "RESULTS_RULES: holds",
    ]),
    [
      "a relay that is no object id",
      { RELAY_PRINCIPAL_IDS: "anyone" },
      'RELAY_PRINCIPAL_IDS: holds "anyone"',
    ],
  ])("refuses %s", (_case, settings, message) => {
    expect(() => readConfig({ ...least, ...settings })).toThrow(message);
  });

  it.each([
    { host: "siem-ab12.westeurope-1.ingest.monitor.azure.com", scheme: "https" },
    { host: "siem-ab12.usgovvirginia-1.ingest.monitor.azure.us", scheme: "https" },
    { host: "127.0.0.1:8123", scheme: "http" },
  ])("reads the rule of a workspace in any case of letters: $scheme://$host", ({ host, scheme }) => {
    const immutableId = `dcr-${"0".repeat(32)}`;
    const given = `${workspace.toUpperCase()}=${scheme}://${host}/dataCollectionRules/${immutableId}`;
    expect(readConfig({ ...least, RESULTS_TABLE: "on", RESULTS_RULES: given }).resultsRules).toEqual([
      { scope: workspace.toLowerCase(), endpoint: `${scheme}://${host}`, immutableId },
    ]);
  });

  it("names everything that is wrong in one message, and quotes no secret", () => {
    const wrong = { INTEZER_API_KEY: "very-secret", DRY_RUN: "maybe", COMMENT_WHEN: "never" };
    const message = (() => {
      try {
        return String(readConfig(wrong));
      } catch (error) {
        return String(error);
      }
    })();
    for (const setting of ["DRY_RUN", "COMMENT_WHEN", "SENTINEL_WORKSPACES", "AzureWebJobsStorage"]) {
      expect(message).toContain(`${setting}: must be`);
    }
    expect(message).not.toContain("very-secret");
  });

  it.each([
    { keys: {}, on: [] as string[] },
    { keys: { VIRUSTOTAL_API_KEY: "a-key" }, on: ["virustotal"] },
    { keys: { INTEZER_API_KEY: "a-key" }, on: ["intezer"] },
    { keys: { KEY_VAULT_URL: "https://acme.vault.azure.net" }, on: ["virustotal", "intezer"] },
  ])("counts a provider as on with its key or a vault: $on", ({ keys, on }) => {
    const read = () => readConfig({ ...least, VIRUSTOTAL_API_KEY: "", ...keys }).providers.slice(0, 2);
    if (on.length === 0) expect(read).toThrow(/VIRUSTOTAL_API_KEY, INTEZER_API_KEY.*: no provider has a key/);
    else
      expect(read()).toMatchObject(
        ["virustotal", "intezer"].map((id) => ({ description: { id }, hasSecrets: on.includes(id) })),
      );
  });

  it("starts with the sample settings once a key is in", () => {
    const sample = JSON.parse(readFileSync("local.settings.sample.json", "utf8")).Values;
    expect(() => readConfig({ ...sample, VIRUSTOTAL_API_KEY: "a-key" })).not.toThrow();
  });

  it("reads the settings that docs/settings.md and the sample file name, and no others", () => {
    const sample = Object.keys(JSON.parse(readFileSync("local.settings.sample.json", "utf8")).Values);
    const table = readFileSync("docs/settings.md", "utf8");
    const named = [...table.matchAll(/^\| (.+?) \|/gm)].flatMap(([, cell = ""]) =>
      [...cell.matchAll(/`([A-Za-z_]+)`/g)].map(([, name]) => name),
    );
    const platform = ["AZURE_FUNCTIONS_ENVIRONMENT", "WEBSITE_AUTH_ENABLED", "WEBSITE_SITE_NAME"];
    expect(new Set(named)).toEqual(new Set(settingNames().filter((name) => !platform.includes(name))));
    expect(new Set(sample.filter((name) => name !== "FUNCTIONS_WORKER_RUNTIME"))).toEqual(new Set(named));
  });
});
