import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  at,
  describeRules,
  moduleOf,
  type Parameter,
  put,
  type Rule,
  resourceOf,
  type Template,
  templatesIn,
} from "../support/arm-template";

const jsonOf = (path: string): unknown => JSON.parse(readFileSync(path, "utf8"));

const secretName = /(ApiKey|Authorization|Secret|Password|Token)$/;
const isSecure = ({ type = "" }: Parameter) => type.startsWith("secure");
const secureNamesOf = ({ parameters }: Template) =>
  Object.keys(parameters).filter((name) => isSecure(parameters[name] ?? {}));
const namesSecret = (template: Template, value: unknown) =>
  secureNamesOf(template).some((name) => JSON.stringify(value).includes(`parameters('${name}')`));

/** Settings that Azure or its extensions read, not config.ts. */
const platformSettings = /^(AzureWebJobsStorage__|APPLICATIONINSIGHTS_|AZURE_CLIENT_ID$)/;
const vaultSecrets = ["VIRUSTOTAL_API_KEY", "INTEZER_API_KEY", "INTEZER_WEBHOOK_AUTHORIZATION"];

/** What config.ts reads: the sample file is held to it by test/config.test.ts. */
const settingsRead = Object.keys(at(jsonOf("local.settings.sample.json"), "Values") as object).filter(
  (name) => !["FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsStorage", ...vaultSecrets].includes(name),
);
const optionalSettingsIn = (template: Template) => template.definitions?.optionalSettings?.properties ?? {};

function settingsSet(template: Template): string[] {
  const { properties } = resourceOf(template, "Microsoft.Web/sites/config", "'appsettings'");
  return [...String(properties).matchAll(/'([A-Z][A-Z_0-9]+|AzureWebJobsStorage__\w+)'/g)].map(
    ([, name = ""]) => name,
  );
}

const appSettings = (template: Template) =>
  resourceOf(template, "Microsoft.Web/sites/config", "'appsettings'");
const difference = (some: readonly string[], others: readonly string[]) =>
  some.filter((name) => !others.includes(name));

const rules: readonly Rule[] = [
  {
    title: "no secret has a default, and each is a secure parameter everywhere",
    check: (template) =>
      templatesIn(template).flatMap(({ parameters }) =>
        Object.entries(parameters)
          .filter(([name, parameter]) => secretName.test(name) || isSecure(parameter))
          .filter(([, parameter]) => !isSecure(parameter) || (parameter.defaultValue ?? "") !== "")
          .map(([name]) => name),
      ),
    broken: [
      (template) => put(template.parameters.intezerApiKey, "defaultValue", "a-key"),
      (template) => put(moduleOf(template, "keyVault").parameters.virusTotalApiKey, "type", "string"),
    ],
  },
  {
    title: "no output holds a secret",
    check: (template) =>
      templatesIn(template).flatMap((inner) =>
        Object.entries(inner.outputs ?? {})
          .filter(([, { value }]) => namesSecret(inner, value) || /\blist\w*\(/i.test(JSON.stringify(value)))
          .map(([name]) => name),
      ),
    broken: [
      (template) => put(template.outputs, "key", { type: "string", value: "[parameters('intezerApiKey')]" }),
      (template) =>
        put(template.outputs, "key", { value: "[listKeys(variables('id'), '2025-01-01').keys[0]]" }),
    ],
  },
  {
    title: "no app setting holds a secret",
    check: (template) => [
      ...vaultSecrets.filter((name) => JSON.stringify(appSettings(template)).includes(name)),
      ...vaultSecrets.filter((name) => name in optionalSettingsIn(template)),
      ...(namesSecret(moduleOf(template, "functionApp"), appSettings(template).properties)
        ? ["a parameter"]
        : []),
    ],
    broken: [
      (template) => put(appSettings(template), "properties", "[createObject('INTEZER_API_KEY', 'x')]"),
      (template) => put(optionalSettingsIn(template), "VIRUSTOTAL_API_KEY", { type: "string" }),
    ],
  },
  {
    title: "every parameter is described",
    check: ({ parameters, definitions = {} }) =>
      [parameters, ...Object.values(definitions).map(({ properties }) => properties)].flatMap((described) =>
        Object.keys(described).filter((name) => !described[name]?.metadata?.description),
      ),
    broken: [
      (template) => put(template.parameters.packageUri, "metadata", {}),
      (template) => put(optionalSettingsIn(template).DRY_RUN, "metadata", undefined),
    ],
  },
  {
    title: "every parameter of every module is used",
    check: (template) =>
      templatesIn(template).flatMap(({ parameters, variables, resources, outputs }) => {
        const used = JSON.stringify([variables, resources, outputs, Object.values(parameters)]);
        return Object.keys(parameters).filter((name) => !used.includes(`parameters('${name}')`));
      }),
    broken: [
      (template) => put(template.parameters, "unused", { type: "string" }),
      (template) => put(moduleOf(template, "relay").parameters, "unused", { type: "string" }),
    ],
  },
  {
    title: "every setting that the app reads can be set, and no other",
    check: (template) => {
      const offered = [...settingsSet(template), ...Object.keys(optionalSettingsIn(template))];
      const ours = offered.filter((name) => !platformSettings.test(name));
      return [
        ...difference(settingsRead, ours).map((name) => `add ${name} to infra/settings.bicep`),
        ...difference(ours, settingsRead).map((name) => `nothing reads ${name}`),
      ];
    },
    broken: [
      (template) => Reflect.deleteProperty(optionalSettingsIn(template), "DRY_RUN"),
      (template) => put(optionalSettingsIn(template), "DRY_RUNS", { type: "string" }),
      (template) => put(appSettings(template), "properties", "[createObject('KEY_VAULT_URL', 'x')]"),
    ],
  },
  {
    title: "what Intezer gets is decided by the person who deploys, who is shown what it sends",
    check: ({ parameters: { intezerAlerts } }) => [
      ...(intezerAlerts && "defaultValue" in intezerAlerts ? ["it has a default"] : []),
      ...difference(["submit", "listen", "off"], (intezerAlerts?.allowedValues ?? []).map(String)),
      ...["WHOLE incident", "accounts", "mail", "nothing is sent"].filter(
        (words) => !intezerAlerts?.metadata?.description?.includes(words),
      ),
    ],
    broken: [
      (template) => put(template.parameters.intezerAlerts, "defaultValue", "off"),
      (template) => put(template.parameters.intezerAlerts, "metadata.description", "Mode of alerts."),
    ],
  },
  {
    title: "every number has bounds",
    check: ({ parameters }) =>
      Object.entries(parameters)
        .filter(
          ([, { type, minValue, maxValue }]) =>
            type === "int" && (minValue === undefined || maxValue === undefined),
        )
        .map(([name]) => name),
    broken: [(template) => put(template.parameters.telemetryDailyCapGb, "maxValue", undefined)],
  },
  {
    title: "no host of one cloud is written down, and addresses are joined by uri()",
    check: (template) => [
      ...(JSON.stringify(template).match(
        /(?<!schema\.)\b(management|login|vault|core|loganalytics)[\w.]*\.(azure|windows|microsoftonline)\.(com|net|io)/g,
      ) ?? []),
      ...templatesIn(template)
        .flatMap(({ outputs = {}, resources }) => [
          ...Object.entries(outputs),
          ...Object.values(resources).flatMap((resource) =>
            Object.entries((at(resource, "properties.parameters") ?? {}) as object),
          ),
        ])
        .filter(([name, given]) => /ur[il]$/i.test(name) && /^\[format\(/.test(String(at(given, "value"))))
        .map(([name]) => name),
    ],
    broken: [
      (template) => put(template.parameters.settings, "metadata.x", "https://management.azure.com"),
      (template) =>
        put(moduleOf(template, "storage").outputs, "packageUrl.value", "[format('{0}{1}', 'a', 'b')]"),
      (template) =>
        put(template.resources.relay, "properties.parameters.starterUrl.value", "[format('{0}/x', 'a')]"),
    ],
  },
  {
    title: "it states what the Azure-Sentinel repository wants to know of a playbook",
    check: ({ metadata }) =>
      ["title", "description", "prerequisites", "postDeployment", "lastUpdateTime", "entities", "tags"]
        .concat(["support.tier", "author.name"])
        .filter((path) => !String(at(metadata, path) ?? "")),
    broken: [
      (template) => put(template.metadata, "prerequisites", undefined),
      (template) => put(template.metadata, "author", {}),
    ],
  },
];

describeRules("parameters of the deployment", rules);

describe("azd", () => {
  const template = jsonOf("infra/azuredeploy.json") as Template;
  const entry = readFileSync("infra/main.bicep", "utf8");
  const declared = [...entry.matchAll(/^param (\w+) /gm)].map(([, name = ""]) => name);
  const mapped = at(jsonOf("infra/main.parameters.json"), "parameters") as Record<string, { value: unknown }>;

  it("can set every parameter: an unmapped one that may be left out would never get a value", () => {
    // main.bicep makes the tags, and azd brings the code itself.
    const ours = Object.keys(template.parameters).filter((name) => !["tags", "packageUri"].includes(name));
    expect(difference(ours, declared)).toEqual([]);
    expect(difference(declared, Object.keys(mapped))).toEqual([]);
    expect(difference(Object.keys(mapped), declared)).toEqual([]);
  });

  it("takes each parameter from one variable of the environment, and every setting from the one of its name", () => {
    const { settings, ...others } = Object.fromEntries(
      Object.entries(mapped).map(([name, { value }]) => [name, value]),
    );
    for (const value of Object.values(others)) expect(value).toMatch(/^\$\{[A-Z][A-Z_]+(=false)?\}$/);
    expect(new Set(Object.values(others)).size).toBe(Object.keys(others).length);
    expect(settings).toEqual(
      Object.fromEntries(Object.keys(optionalSettingsIn(template)).map((name) => [name, `\${${name}}`])),
    );
  });

  it("takes by the setting's own name what it asks for at the first time, so that it can be changed", () => {
    expect(mapped).toMatchObject({
      sentinelWorkspaces: { value: `\${SENTINEL_WORKSPACES}` },
      intezerAlerts: { value: `\${INTEZER_ALERTS}` },
    });
  });

  it("hands every parameter on", () => {
    const handedOn = entry.slice(entry.indexOf("module enricher"));
    const ours = declared.filter((name) => name !== "environmentName");
    expect(ours.filter((name) => !new RegExp(`^    ${name}: ${name}$`, "m").test(handedOn))).toEqual([]);
  });

  it("keeps in the environment what npm run check reads, the answers to its prompts included", () => {
    const kept = [...entry.matchAll(/^output (\w+) /gm)].map(([, name]) => name);
    expect(kept).toEqual(expect.arrayContaining(["SENTINEL_WORKSPACES", "INTEZER_ALERTS", "AZURE_RELAY_ID"]));
  });

  it("asks for the region from a list", () => {
    expect(entry).toMatch(/@metadata\(\{ azd: \{ type: 'location' \} \}\)\nparam location string/);
  });

  it("must be a version whose azd down spares the resource group of the workspace", () => {
    const required = /^requiredVersions:\n {2}azd: "(.+)"$/m.exec(readFileSync("azure.yaml", "utf8"))?.[1];
    expect(required).toBe(">= 1.24.1");
  });
});
