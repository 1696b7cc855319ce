import { readFileSync } from "node:fs";
import { orchestratorNames } from "../../orchestrators/names";
import {
  at,
  describeRules,
  moduleOf,
  put,
  type Resource,
  type Rule,
  resourceOf,
  resourcesOf,
  type Template,
  templatesIn,
  unlike,
} from "../support/arm-template";

/** Whether the first waits for the second, directly or through others. */
function waitsFor(resources: Readonly<Record<string, Resource>>, first: string, second: string): boolean {
  const before = resources[first]?.dependsOn ?? [];
  return before.includes(second) || before.some((name) => waitsFor(resources, name, second));
}

/** First what waits, then what for. */
const moduleOrder: readonly (readonly [string, string])[] = [
  ["storage", "identities"],
  ["keyVault", "identities"],
  ["workspaceAccess", "identities"],
  ["functionApp", "storage"],
  ["functionApp", "keyVault"],
  ["functionApp", "network"],
  ["functionApp", "workspaceAccess"],
  ["functionApp", "resultsRules"],
  ["relay", "functionApp"],
  ["relay", "workspaceAccess"],
  ["automationRules", "relay"],
  ["automationRules", "playbookPermission"],
  // The alerts wait for nearly everything: so much time the permission has to take effect.
  ["automationRules", "alerts"],
  ["alerts", "relay"],
];
const siteOrder: readonly (readonly [string, string])[] = [
  ["site::authentication", "site::appSettings"],
  ["site::code", "site::appSettings"],
  ["site::code", "site::authentication"],
  ["site::code", "site::ftpPublishing"],
  ["site::code", "site::scmPublishing"],
];

const outOfOrder = ({ resources }: Template, order: readonly (readonly [string, string])[]) =>
  order.filter(([first, second]) => !waitsFor(resources, first, second)).map((pair) => pair.join(" before "));

const watched = [
  "Microsoft.Storage/storageAccounts/blobServices",
  "Microsoft.KeyVault/vaults",
  "Microsoft.Logic/workflows",
];
const diagnosticsOf = (template: Template, type: string) =>
  resourcesOf(template, "Microsoft.Insights/diagnosticSettings").filter(({ scope }) =>
    scope?.startsWith(`[resourceId('${type}',`),
  );

interface LogRule {
  readonly name: string;
  readonly query: string;
  readonly alertOn: string;
}
const logRules = (template: Template) => moduleOf(template, "alerts").variables?.rules as LogRule[];

/** Of each alert over the logs: whether it reports something that was found, or nothing. */
const alerts = {
  "Runs failed": "something",
  "Runs stay open": "something",
  "API key rejected": "something",
  "Webhook refused": "something",
  "No run for 24 hours": "nothing",
  "Results lost": "something",
  "Telemetry cap reached": "something",
};

/** Tables of the app's telemetry, by what sampling calls their rows. */
const telemetry: Readonly<Record<string, string>> = {
  AppDependencies: "Dependency",
  AppEvents: "Event",
  AppExceptions: "Exception",
  AppRequests: "Request",
  AppTraces: "Trace",
};
const sampling = JSON.parse(readFileSync("host.json", "utf8")).logging.applicationInsights.samplingSettings;
const neverSampled: readonly string[] = sampling.excludedTypes.split(";");

/** Functions that the queries of requests name, as index.ts registers them: whatever may fail on an incident's way. */
const functionNames = [...Object.values(orchestratorNames), "intezerWebhook"];

const automationRule = (template: Template) =>
  resourceOf(template, "Microsoft.SecurityInsights/automationRules") as Resource & { apiVersion: string };

const rules: readonly Rule[] = [
  {
    title: "everything that a resource depends on is there",
    check: (template) =>
      templatesIn(template).flatMap(({ resources }) => {
        const there = [...Object.keys(resources), ...Object.values(resources).map(({ type }) => type)];
        return Object.values(resources)
          .flatMap(({ dependsOn = [] }) => dependsOn)
          .map((name) => /^\[(?:format|resourceId)\('([\w./]+)(?:\[\{0\}\])?'/.exec(name)?.[1] ?? name)
          .filter((name) => !there.includes(name));
      }),
    broken: [(template) => put(template.resources.relay, "dependsOn", ["functionsApp"])],
  },
  {
    title: "roles come before what needs them",
    check: (template) => outOfOrder(template, moduleOrder),
    broken: [
      (template) => put(template.resources.automationRules, "dependsOn", []),
      (template) => put(template.resources.automationRules, "dependsOn", ["relay", "playbookPermission"]),
      (template) => put(template.resources.functionApp, "dependsOn", ["identities", "monitoring", "storage"]),
    ],
  },
  {
    title: "Microsoft Sentinel's permission to start the relay is granted first, since it takes minutes",
    check: (template) => [
      ...(template.resources.playbookPermission?.dependsOn ?? []),
      ...Object.keys(moduleOf(template, "playbookPermission").resources).filter(
        (name) => name !== "sentinelStartsPlaybooks",
      ),
      ...unlike(moduleOf(template, "playbookPermission").resources.sentinelStartsPlaybooks, {
        "properties.principalId": "[parameters('securityInsightsPrincipalId')]",
      }),
    ],
    broken: [
      (template) => put(template.resources.playbookPermission, "dependsOn", ["relay"]),
      (template) => put(moduleOf(template, "playbookPermission"), "resources", {}),
    ],
  },
  {
    title: "code comes last: never without settings or authentication",
    check: (template) => outOfOrder(moduleOf(template, "functionApp"), siteOrder),
    broken: [
      (template) => put(moduleOf(template, "functionApp").resources["site::code"], "dependsOn", ["site"]),
    ],
  },
  {
    title: "what can record who did what writes it into the app's own workspace",
    check: (template) =>
      watched.filter((type) => {
        const [settings, ...more] = diagnosticsOf(template, type);
        const logs = (at(settings, "properties.logs") ?? []) as { enabled: boolean }[];
        const isOwn = at(settings, "properties.workspaceId") === "[parameters('logWorkspaceId')]";
        return more.length > 0 || !isOwn || !logs.some(({ enabled }) => enabled);
      }),
    broken: [
      (template) => put(diagnosticsOf(template, "Microsoft.KeyVault/vaults")[0], "properties.logs", []),
      (template) => Reflect.deleteProperty(moduleOf(template, "relay").resources, "diagnostics"),
    ],
  },
  {
    title: "traces are kept once: by Application Insights, not by a diagnostic setting of the app as well",
    check: (template) =>
      diagnosticsOf(template, "Microsoft.Web/sites").map(({ name }) => `${name} repeats every trace`),
    broken: [
      (template) =>
        put(moduleOf(template, "functionApp").resources, "diagnostics", {
          type: "Microsoft.Insights/diagnosticSettings",
          name: "to-own-workspace",
          scope: "[resourceId('Microsoft.Web/sites', parameters('name'))]",
          properties: { logs: [{ categoryGroup: "allLogs", enabled: true }] },
        }),
    ],
  },
  {
    title: "new incidents and added alerts start the relay, nothing else that changes, from Low severity on",
    check: (template) => {
      const variable = moduleOf(template, "automationRules").variables?.rules;
      return [
        ...unlike(automationRule(template), { apiVersion: "2025-09-01" }),
        ...unlike(variable, { "0.when": "Created", "1.when": "Updated", length: 2 }),
        ...(String(at(variable, "1.conditions")).includes("'arrayType', 'Alerts', 'changeType', 'Added'")
          ? []
          : ["every update starts it"]),
        ...unlike(template.parameters.automationRuleConditions, {
          "defaultValue.0.conditionProperties.propertyName": "IncidentSeverity",
          "defaultValue.0.conditionProperties.propertyValues": ["Low", "Medium", "High"],
        }),
      ];
    },
    broken: [
      (template) =>
        put(
          moduleOf(template, "automationRules").variables,
          "rules.1.conditions",
          "[parameters('conditions')]",
        ),
      (template) => put(automationRule(template), "apiVersion", "2021-04-01"),
      (template) => put(template.parameters.automationRuleConditions, "defaultValue", []),
    ],
  },
  {
    title: "operators get an alert for each thing that can go wrong",
    check: (template) => [
      ...unlike(
        Object.fromEntries(logRules(template).map(({ name, alertOn }) => [name, alertOn])),
        Object.fromEntries(Object.entries(alerts).map(([name, on]) => [name, `[variables('${on}')]`])),
      ),
      ...unlike(moduleOf(template, "alerts").variables, {
        something: { operator: "GreaterThan", threshold: 0 },
        nothing: { operator: "LessThan", threshold: 1 },
      }),
      ...unlike(resourceOf(template, "Microsoft.Insights/metricAlerts").properties, {
        "criteria.allOf.0.metricName": "RunsFailed",
        "criteria.allOf.0.threshold": 0,
      }),
    ],
    broken: [
      (template) => logRules(template).pop(),
      (template) => put(logRules(template)[0], "alertOn", "[variables('nothing')]"),
      (template) =>
        put(resourceOf(template, "Microsoft.Insights/metricAlerts"), "properties.criteria.allOf", []),
    ],
  },
  {
    title: "alerts ask for nothing that sampling may drop",
    check: (template) =>
      logRules(template)
        .flatMap(({ query }) => telemetry[query.trim().split(/\s/)[0] ?? ""] ?? [])
        .filter((type) => !neverSampled.includes(type)),
    broken: [(template) => put(logRules(template)[0], "query", "AppDependencies\n| where Success == false")],
  },
  {
    title: "alerts ask for functions that the app has",
    check: (template) => {
      const source = readFileSync("index.ts", "utf8") + readFileSync("orchestrators/names.ts", "utf8");
      const asked = logRules(template).flatMap(({ query }) =>
        [...query.matchAll(/"([a-z][A-Za-z]+)"/g)].map(([, name = ""]) => name),
      );
      return [
        ...asked.filter((name) => !new RegExp(`\\b${name}\\b`).test(source)),
        ...functionNames.filter((name) => !asked.includes(name)),
      ];
    },
    broken: [
      (template) => put(logRules(template)[0], "query", 'AppRequests | where Name == "enrichIncidents"'),
    ],
  },
];

describeRules("what is deployed, in which order", rules);
