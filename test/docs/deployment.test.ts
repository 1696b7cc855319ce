import { describe, expect, it } from "vitest";
import { engines } from "../../package.json";
import { at, moduleOf, resourceOf, resourcesOf, type Template } from "../support/arm-template";
import { commandsOf, matches, read } from "../support/pages";

const difference = (some: readonly string[], others: readonly string[]) =>
  [...new Set(some)].filter((name) => !others.includes(name));

const pages = ["docs/deploy.md", "docs/deploy-button.md", "docs/operate.md"].map((path) => ({
  path,
  text: read(path),
}));
const deploy = read("docs/deploy.md");
const button = read("docs/deploy-button.md");
const operate = read("docs/operate.md");

const template: Template = JSON.parse(read("infra/azuredeploy.json"));
const parameters = Object.keys(template.parameters);
const outputs = Object.keys(template.outputs ?? {});
const required = parameters.filter((name) => template.parameters[name]?.defaultValue === undefined);
const settings = Object.keys(template.definitions?.optionalSettings?.properties ?? {});
const secrets = resourcesOf(template, "Microsoft.KeyVault/vaults/secrets").map(
  ({ name }) => /'([a-z-]+)'\)\]$/.exec(String(name))?.[1] ?? "",
);

const entry = read("infra/main.bicep");
const environmentOutputs = matches(entry, /^output (\w+) /gm);
const hook = read("infra/entra.mjs");
const variables = matches(read("infra/main.parameters.json"), /\$\{([A-Z][A-Z_]+)/g);

const codeOf = (text: string) => [...commandsOf(text), ...matches(text, /`([^`\n]+)`/g)].join("\n");

/** Names in code that are neither parameters nor outputs, with whose they are. */
const otherNames = [
  "functionAppConfig", // of a site
  "siteUpdateStrategy", // of a site
  "defaultVersion", // of host.json
  "runPlaybook", // of an incident
  "parameterValueType", // of a connection
];
const otherVariables = [
  "WEBSITE_AUTH_ENABLED", // of App Service authentication
  "RELAY_PRINCIPAL_IDS", // follows from the relay
];

const walks: readonly {
  readonly title: string;
  readonly named: (code: string) => readonly string[];
  readonly known: readonly string[];
}[] = [
  {
    title: "sets variables that the parameters or the hook take",
    named: (code) => matches(code, /azd env set ([A-Z_]+)/g),
    known: [...variables, "AUTH_CLIENT_ID", "SECURITY_INSIGHTS_PRINCIPAL_ID"],
  },
  {
    title: "reads values that azd keeps from the deployment's outputs",
    named: (code) => matches(code, /azd env get-value (\w+)/g),
    known: environmentOutputs,
  },
  {
    title: "exports what azd's entry has as an output",
    named: (code) => matches(code, /^export (.+)$/gm).flatMap((line) => matches(line, /(\w+)=</g)),
    known: environmentOutputs,
  },
  {
    title: "takes outputs that the template has",
    named: (code) => [
      ...matches(code, /\$\(output (\w+)\)/g),
      ...matches(code, /^export (.+)$/gm).flatMap((line) => matches(line, /=<([a-z]+[A-Z]\w+)>/g)),
      ...matches(code, /properties\.outputs\.(\w+)/g),
    ],
    known: outputs,
  },
  {
    title: "gives parameters that the template has",
    named: (code) => matches(code, /--parameters (.+)$/gm).flatMap((line) => matches(line, /(\w+)=/g)),
    known: parameters,
  },
  {
    title: "names in code parameters and outputs",
    named: (code) => matches(code, /^([a-z]+(?:[A-Z][a-z]+)+)(?:[ =].*)?$/gm),
    known: [...parameters, ...outputs, "environmentName", ...otherNames],
  },
  {
    title: "names settings and variables that there are",
    named: (code) => matches(code, /\b([A-Z]+(?:_[A-Z]+)+)\b/g).filter((name) => !name.startsWith("AADSTS")),
    known: [...settings, ...variables, ...environmentOutputs, ...otherVariables],
  },
  {
    title: "stores secrets under the names that the app reads",
    named: (code) => matches(code, /secret (?:set|show) --vault-name \S+ --name (\S+)/g),
    known: secrets,
  },
  {
    title: "asks for keys of a function that has one",
    named: (code) => matches(code, /--function-name (\w+)/g),
    known: ["intezerWebhook"],
  },
  {
    title: "calls routes that the app has",
    named: (code) => matches(code, /(\/api\/[\w/]+)/g),
    known: ["/api/incidents", "/api/webhooks/intezer", "/api/health"],
  },
  {
    title: "uses the API versions that the template and the app use",
    named: (code) =>
      [...code.matchAll(/(onedeploy|SecurityInsights|\$incident)\S*\?api-version=([\d-]+)/g)].map(
        ([, what, version]) => `${what === "onedeploy" ? what : "SecurityInsights"} ${version}`,
      ),
    known: [
      `onedeploy ${at(resourceOf(template, "Microsoft.Web/sites/extensions"), "apiVersion")}`,
      `SecurityInsights ${at(resourceOf(template, "Microsoft.SecurityInsights/automationRules"), "apiVersion")}`,
    ],
  },
];

describe.each(pages)("$path", ({ text }) => {
  it.each(walks)("$title", ({ named, known }) => {
    expect(difference(named(codeOf(text)), known)).toEqual([]);
  });

  it("has no line of an unknown command", () => {
    const known = /^(az|azd|npm|node|curl|echo|printf|export|read -rs|output\(\) \{|[a-z]+=)/;
    expect(commandsOf(text).filter((line) => !known.test(line))).toEqual([]);
  });

  it("explains messages in a table of causes and what to do", () => {
    if (text === button) return;
    expect(text).toContain("| Message | Cause | What to do |");
  });
});

it("each walk finds something, so that it can fail", () => {
  const code = pages.map(({ text }) => codeOf(text)).join("\n");
  for (const { title, named } of walks) expect(named(code), title).not.toEqual([]);
});

describe("the pages say all that there is", () => {
  it("every parameter can be set with a variable that deploy.md names", () => {
    // azd asks for the first two, and the settings are the README's.
    const ours = variables.filter(
      (name) => !["AZURE_ENV_NAME", "AZURE_LOCATION"].includes(name) && !settings.includes(name),
    );
    expect(ours.filter((name) => !deploy.includes(`azd env set ${name} `))).toEqual([]);
  });

  it("every output is explained behind the button", () => {
    expect(matches(button, /^\| `(\w+)` \|/gm)).toEqual(outputs);
  });

  it("the command line gives every parameter that has no default", () => {
    const [given = ""] = matches(button, /^az deployment group create .+ --parameters (.+)$/gm);
    expect(difference(required, matches(given, /(\w+)=/g))).toEqual([]);
  });

  it("every role that is granted is explained, and no other", () => {
    const granted = Object.keys(moduleOf(template, "keyVault").variables?.roleIds as object);
    const table = deploy.slice(
      deploy.indexOf("## What each permission"),
      deploy.indexOf("No one gets a role"),
    );
    const names = matches(table, /^\|[^|]*\| ([^|]+) \|/gm)
      .flatMap((cell) => cell.split(", "))
      .filter((name) => !["Role", "---"].includes(name))
      .map((name) =>
        name
          .replace(/^Microsoft /, "")
          .replaceAll(" ", "")
          .toLowerCase(),
      );
    // Operators get theirs by hand.
    expect(
      difference(
        granted.map((name) => name.toLowerCase()),
        names,
      ),
    ).toEqual([]);
    expect(
      difference(
        names,
        granted.map((name) => name.toLowerCase()),
      ),
    ).toEqual(["sentinelplaybookoperator"]);
  });

  it("the defaults in the commands are those of the template", () => {
    const defaultOf = (name: string) => String(template.parameters[name]?.defaultValue);
    expect(deploy).toContain(`azd env set MAXIMUM_INSTANCE_COUNT ${defaultOf("maximumInstanceCount")}\``);
    expect(deploy).toContain(`azd env set NODE_VERSION ${defaultOf("nodeVersion")}\``);
    expect(deploy).toContain(`azd env set AUTOMATION_RULE_ORDER ${defaultOf("automationRuleOrder")}\``);
    expect(deploy).toContain(`azd env set TELEMETRY_DAILY_CAP_GB ${defaultOf("telemetryDailyCapGb")}\``);
    expect(operate).toContain(`\`maximumInstanceCount\` (${defaultOf("maximumInstanceCount")} `);
  });

  it("the tools' versions are those that azure.yaml, the hook and package.json want", () => {
    const azd = /azd: ">= ([\d.]+)"/.exec(read("azure.yaml"))?.[1];
    const az = /oldestCli = \[(\d+), (\d+)\]/.exec(hook)?.slice(1).join(".");
    const node = engines.node.replace(">=", "");
    expect(deploy).toContain(`Azure Developer CLI ${azd}, the Azure CLI ${az} and Node ${node}`);
  });

  it("names of what is deployed are the templates'", () => {
    expect(deploy).toContain("rg-<environment>");
    expect(entry).toMatch(/name: 'rg-\$\{environmentName\}'/);
    expect(deploy).toContain("sentinel-incident-enricher-<environment>");
    expect(hook).toMatch(/`sentinel-incident-enricher-\$\{environment\}`/);
    expect(deploy).toContain("`id-enricher-…`");
    expect(JSON.stringify(template.resources.identities)).toContain("id-enricher-{0}");
  });

  it("the relay's retries are as many as it makes", () => {
    const workflow = resourceOf(template, "Microsoft.Logic/workflows");
    const policy = "properties.definition.actions.Start_enrichment.inputs.retryPolicy.count";
    expect(at(workflow, policy)).toBe(8);
    expect(operate).toContain("after eight retries in about ten minutes");
    expect(operate).not.toMatch(/four (times|repeats)/);
  });
});
