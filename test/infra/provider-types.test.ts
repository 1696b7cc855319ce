import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020";
import { describe, expect, it } from "vitest";
import { valueOfExpression } from "../support/arm-expression";
import {
  at,
  moduleOf,
  put,
  type Resource,
  resourceOf,
  type Template,
  templatesIn,
} from "../support/arm-template";

const readTemplate = (): Template => JSON.parse(readFileSync("infra/azuredeploy.json", "utf8"));

const { schemas } = JSON.parse(readFileSync("test/fixtures/azure-types/schemas.json", "utf8"));
const ajv = new Ajv2020({ allErrors: true, strict: false });
const validators = new Map<string, ValidateFunction | undefined>(
  Object.entries(schemas as Record<string, object>).map(([name, schema]) => [name, ajv.compile(schema)]),
);

/** What a template says of a resource beside what the provider gets. */
const ofTheTemplate = ["type", "apiVersion", "scope", "dependsOn", "condition", "copy", "existing"];

/** The body as the provider gets it: loops in it have one turn, and a child's name is its last part. */
function bodyOf(resource: Resource): unknown {
  const [, part] = /, '([\w-]+)'\)\]$/.exec(resource.name ?? "") ?? [];
  const body = Object.entries(resource).filter(([key]) => !ofTheTemplate.includes(key));
  return withoutLoops({ ...Object.fromEntries(body), ...(part && { name: part }) });
}

function withoutLoops(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutLoops);
  if (typeof value !== "object" || value === null) return value;
  const { copy, ...others } = value as Record<string, unknown>;
  const loops = Array.isArray(copy) ? (copy as { name: string; input: unknown }[]) : [];
  return Object.fromEntries([
    ...Object.entries(others).map(([key, inner]) => [key, withoutLoops(inner)]),
    ...loops.map(({ name, input }) => [name, [withoutLoops(input)]]),
  ]);
}

/** What the provider's types do not have, though the service does. */
const notInTheTypes = [
  // test/infra/results.test.ts holds it (learn.microsoft.com/azure/azure-monitor/data-collection/data-collection-rule-structure).
  "Microsoft.Insights/dataCollectionRules /kind: must be equal to one of the allowed values",
  // Makes a connection one for managed identities (Azure/bicep-types-az has no such property).
  "Microsoft.Web/connections /properties: parameterValueType",
  // They describe MSDeploy only (learn.microsoft.com/azure/azure-functions/functions-infrastructure-as-code).
  "Microsoft.Web/sites/extensions /: properties",
  "Microsoft.Web/sites/extensions /name: must be equal to constant",
  "Microsoft.Web/sites/extensions /properties: remoteBuild",
];

function faultsOf(resource: Resource & { apiVersion: string }): string[] {
  const validate = validators.get(`${resource.type}@${resource.apiVersion}`);
  if (!validate) return [`${resource.type}@${resource.apiVersion} is not known`];
  if (validate(bodyOf(resource))) return [];
  return (validate.errors ?? [])
    .filter(({ keyword }) => keyword !== "if" && keyword !== "anyOf")
    .map(({ instancePath, message, params }) =>
      "additionalProperty" in params
        ? `${resource.type} ${instancePath || "/"}: ${params.additionalProperty}`
        : `${resource.type} ${instancePath || "/"}: ${message}`,
    )
    .filter((fault) => !notInTheTypes.includes(fault));
}

const faultsIn = (template: Template) =>
  templatesIn(template)
    .flatMap(({ resources }) => Object.values(resources))
    .filter(({ existing, type }) => !existing && type !== "Microsoft.Resources/deployments")
    .flatMap((resource) => faultsOf(resource as Resource & { apiVersion: string }));

describe("the types of the resource providers", () => {
  it("have every resource of the template, and it is as they want it", () => {
    expect(faultsIn(readTemplate())).toEqual([]);
  });

  const faults: readonly { title: string; spoil: (template: Template) => void; found: string }[] = [
    {
      title: "a misspelt property",
      spoil: (template) => put(resourceOf(template, "Microsoft.Web/sites"), "properties.httpOnly", true),
      found: "httpOnly",
    },
    {
      title: "a value of the wrong type",
      spoil: (template) =>
        put(resourceOf(template, "Microsoft.KeyVault/vaults"), "properties.enablePurgeProtection", "yes"),
      found: "enablePurgeProtection",
    },
    {
      title: "a value that an open enumeration does not have",
      spoil: (template) =>
        put(
          resourceOf(template, "Microsoft.SecurityInsights/automationRules"),
          "properties.triggeringLogic.triggersOn",
          "Incident",
        ),
      found: "triggersOn",
    },
    {
      title: "a required property that is missing",
      spoil: (template) =>
        put(resourceOf(template, "Microsoft.Insights/metricAlerts"), "properties.windowSize", undefined),
      found: "windowSize",
    },
    {
      title: "an API version that does not exist",
      spoil: (template) => put(resourceOf(template, "Microsoft.Logic/workflows"), "apiVersion", "2019-06-01"),
      found: "2019-06-01",
    },
  ];
  it.each(faults)("find $title", ({ spoil, found }) => {
    const template = readTemplate();
    spoil(template);
    expect(faultsIn(JSON.parse(JSON.stringify(template))).join("\n")).toContain(found);
  });
});

describe("the automation rules", () => {
  const template = readTemplate();
  const rules = at(moduleOf(template, "automationRules"), "variables.rules") as {
    when: string;
    conditions: string;
  }[];
  const rule = resourceOf(template, "Microsoft.SecurityInsights/automationRules");
  const withConditions = (conditions: unknown, when: string) => {
    const filled = structuredClone(rule) as Resource & { apiVersion: string };
    put(filled, "properties.triggeringLogic.conditions", conditions);
    put(filled, "properties.triggeringLogic.triggersWhen", when);
    return faultsOf(filled);
  };
  const byDefault = template.parameters.automationRuleConditions?.defaultValue;

  it.each(rules)("have conditions that Microsoft Sentinel knows: $when", ({ conditions, when }) => {
    expect(withConditions(valueOfExpression(conditions, { conditions: byDefault }), when)).toEqual([]);
  });

  it.each([
    { title: "property", path: "0.conditionProperties.propertyName", value: "Severity" },
    { title: "operator", path: "0.conditionProperties.operator", value: "Is" },
    { title: "kind", path: "0.conditionType", value: "PropertyIs" },
  ])("have no $title that it does not know", ({ path, value }) => {
    const conditions = structuredClone(byDefault);
    put(conditions, path, value);
    expect(withConditions(conditions, "Created")).not.toEqual([]);
  });
});
