import { join } from "node:path";
import { expect, it } from "vitest";
import {
  resultsColumns,
  resultsDescription,
  resultsStream,
  resultsTable,
} from "../../domain/results/results-table";
import { valueOfExpression } from "../support/arm-expression";
import {
  at,
  describeRules,
  moduleOf,
  put,
  type Rule,
  resourceOf,
  type Template,
  unlike,
} from "../support/arm-template";

const file = join(__dirname, "../../infra/results-table.json");

it("The table and its rule are deployed with the columns that the app sends (npx vitest -u writes them)", async () => {
  const table = { name: resultsTable, description: resultsDescription, columns: resultsColumns };
  await expect(`${JSON.stringify(table, null, 2)}\n`).toMatchFileSnapshot(file);
});

const collectionRule = (template: Template) => resourceOf(template, "Microsoft.Insights/dataCollectionRules");
const table = (template: Template) => resourceOf(template, "Microsoft.OperationalInsights/workspaces/tables");
const flow = "properties.dataFlows.0";
const loaded = (module: string) => (template: Template) => moduleOf(template, module).variables?.["$fxv#0"];

const rules: readonly Rule[] = [
  {
    title: "table and rule have the columns that the app sends, and rows go into that table",
    check: (template) => [
      ...["resultsTables", "resultsRules"].flatMap((module) =>
        unlike(loaded(module)(template), { name: resultsTable, columns: resultsColumns }),
      ),
      ...(String(at(table(template), "properties.schema.columns")).includes("variables('results').columns")
        ? []
        : ["the table has other columns"]),
      ...(JSON.stringify(collectionRule(template)).includes("map(variables('results').columns")
        ? []
        : ["the rule has other columns"]),
      ...unlike(collectionRule(template), {
        [`${flow}.outputStream`]: "[variables('stream')]",
        [`${flow}.transformKql`]: "source",
        "properties.destinations.logAnalytics.0.workspaceResourceId": "[parameters('workspaceId')]",
      }),
      ...unlike(moduleOf(template, "resultsRules").variables, {
        stream: `[format('Custom-{0}', variables('results').name)]`,
      }),
      ...(resultsStream === `Custom-${resultsTable}` ? [] : ["the app sends to another stream"]),
    ],
    broken: [
      (template) => put(loaded("resultsRules")(template), "columns.3.type", "string"),
      (template) => put(loaded("resultsTables")(template), "columns.3.name", "Runs"),
      (template) => put(collectionRule(template), `${flow}.outputStream`, "Custom-Other_CL"),
    ],
  },
  {
    // The types of the provider do not know the kind (learn.microsoft.com/azure/azure-monitor/data-collection/data-collection-rule-structure).
    title: "the rule has an endpoint of its own, and is where its workspace is",
    check: (template) => [
      ...unlike(collectionRule(template), { kind: "Direct", location: "[parameters('location')]" }),
      ...unlike(template.resources.resultsRules, {
        "properties.parameters.location.value":
          "[reference(format('resultsTables[{0}]', copyIndex())).outputs.location.value]",
      }),
    ],
    broken: [
      (template) => put(collectionRule(template), "kind", "direct"),
      (template) => put(collectionRule(template), "location", "[resourceGroup().location]"),
    ],
  },
  {
    title: "the app may write through that rule, and has the right on nothing larger",
    check: (template) =>
      unlike(moduleOf(template, "resultsRules").resources.publisher, {
        scope: "[resourceId('Microsoft.Insights/dataCollectionRules', parameters('name'))]",
        "properties.principalId": "[parameters('appPrincipalId')]",
      }),
    broken: [(template) => put(moduleOf(template, "resultsRules").resources.publisher, "scope", undefined)],
  },
  {
    title:
      "it is on unless the one who deploys switches it off, and the app gets one rule for each workspace",
    check: (template) => {
      const workspaces = (resultsTable: string) =>
        valueOfExpression(
          String(template.variables?.resultsWorkspaceIds),
          { resultsTable },
          { variables: { workspaceIds: ["a"] } },
        );
      const rule = at(template.resources.functionApp, "properties.parameters.resultsRules.copy.0");
      return [
        ...unlike(template.parameters.resultsTable, { defaultValue: "on", allowedValues: ["on", "off"] }),
        ...unlike({ on: workspaces("on"), off: workspaces("off") }, { on: ["a"], off: [] }),
        ...unlike(rule, {
          count: "[length(variables('resultsWorkspaceIds'))]",
          input:
            "[format('{0}={1}', variables('resultsWorkspaceIds')[copyIndex('value')], reference(format('resultsRules[{0}]', copyIndex('value'))).outputs.url.value)]",
        }),
      ];
    },
    broken: [
      (template) => put(template.parameters.resultsTable, "defaultValue", "off"),
      (template) => put(template.variables, "resultsWorkspaceIds", "[variables('workspaceIds')]"),
    ],
  },
];

describeRules("the results table in the deployment", rules);
