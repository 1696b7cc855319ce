import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { orchestratorNames } from "../../orchestrators/names";
import { checkQuery, columnsOf } from "../kusto/check-query";
import { valueOfExpression } from "../support/arm-expression";
import { at, moduleOf, resourceOf, type Template } from "../support/arm-template";
import { type QueryItem, type Workbook, type WorkbookItem, workbookShape } from "./workbook-shape";

const workspaces = ["rg-soc", "rg-lab"].map(
  (group) =>
    `/subscriptions/11111111-2222-4333-8444-555555555555/resourcegroups/${group}/providers/microsoft.operationalinsights/workspaces/law-${group}`,
);
const [workspace = "", other = ""] = workspaces;
const appWorkspace =
  "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-enricher/providers/Microsoft.OperationalInsights/workspaces/log-enricher";

const template: Template = JSON.parse(readFileSync("infra/azuredeploy.json", "utf8"));
const { properties } = resourceOf(template, "Microsoft.Insights/workbooks");

/** What Azure Resource Manager makes of the template for the first workspace. */
const deployed = String(
  valueOfExpression(
    String(properties?.serializedData),
    { workspaceId: workspace, workspaceIds: workspaces, appWorkspaceId: appWorkspace },
    moduleOf(template, "workbook"),
  ),
);
const workbook: Workbook = workbookShape.parse(JSON.parse(deployed));

const queryFiles = readdirSync("infra/workbook/queries").map((file) => ({
  name: `queries/${file}`,
  text: readFileSync(`infra/workbook/queries/${file}`, "utf8"),
}));

const itemsIn = (items: readonly WorkbookItem[]): readonly WorkbookItem[] =>
  items.flatMap((item) => [item, ...(item.type === 12 ? itemsIn(item.content.items) : [])]);
const items = itemsIn(workbook.items);
const queries = items.filter((item): item is QueryItem => item.type === 3);
const parameters = items.flatMap((item) => (item.type === 9 ? item.content.parameters : []));
const tabs = items.flatMap((item) => (item.type === 11 ? item.content.links : []));

/** Names that something on the page sets. */
const settable = [
  ...parameters.map(({ name }) => name),
  ...tabs.map(({ cellValue }) => cellValue),
  ...queries.flatMap(({ content }) => content.exportParameterName ?? []),
];

describe("the deployed workbook", () => {
  it("is workbook.json, with the queries and the ids of the workspaces", () => {
    const insertions: Readonly<Record<string, string>> = {
      ...Object.fromEntries(queryFiles.map(({ name, text }) => [name, text])),
      workspace,
      workspaces: JSON.stringify([
        { value: workspace, label: "law-rg-soc", selected: true },
        { value: other, label: "law-rg-lab", selected: false },
      ]),
      appWorkspace,
      appWorkspaces: JSON.stringify([{ value: appWorkspace, label: "log-enricher", selected: true }]),
    };
    const source = JSON.parse(readFileSync("infra/workbook/workbook.json", "utf8"), (_, value) =>
      typeof value === "string" && value.startsWith("@") ? insertions[value.slice(1)] : value,
    );
    expect(JSON.parse(deployed)).toEqual(source);
  });

  it("is listed by Microsoft Sentinel: its source is the workspace, and it lies in the workspace's group", () => {
    expect(properties).toMatchObject({ category: "sentinel", sourceId: "[parameters('workspaceId')]" });
    expect(at(template.resources.workbook, "resourceGroup")).toBe(
      "[split(variables('resultsWorkspaceIds')[copyIndex()], '/')[4]]",
    );
  });

  it("shows every query file once, and no other query", () => {
    const shown = queries.map(({ content }) => content.query);
    expect(shown.toSorted()).toEqual(queryFiles.map(({ text }) => text).toSorted());
  });

  it("has names and ids that occur once", () => {
    const names = items.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
    const ids = [...parameters, ...tabs].map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    expect(settable.filter((name) => name !== "Tab")).toHaveLength(
      new Set(settable.filter((name) => name !== "Tab")).size,
    );
  });

  it("has a group for each tab, and each group is one tab's", () => {
    const groups = workbook.items.filter(({ type }) => type === 12);
    expect(groups.map(({ conditionalVisibility }) => conditionalVisibility)).toEqual(
      tabs.map(({ cellValue, subTarget }) => ({
        parameterName: cellValue,
        comparison: "isEqualTo",
        value: subTarget,
      })),
    );
    expect(tabs.map(({ linkLabel }) => linkLabel)).toEqual([
      "Today",
      "Coverage and quota",
      "Indicators",
      "Verdicts against closings",
      "Operation",
    ]);
  });

  it("uses no parameter that nothing on the page sets", () => {
    const used = [...deployed.matchAll(/\{([A-Za-z]\w*)(?::\w+)?\}/g)].map(([, name = ""]) => name);
    const conditions = items.flatMap(
      ({ conditionalVisibility }) => conditionalVisibility?.parameterName ?? [],
    );
    const times = queries.flatMap(({ content }) => content.timeContextFromParameter ?? []);
    expect(settable).toEqual(expect.arrayContaining([...used, ...conditions, ...times]));
  });

  it("inserts what a reader enters or chooses into queries only so that it cannot leave its string", () => {
    const inserted = queries.flatMap(
      ({ content }) => content.query.match(/"?\{[A-Za-z]\w*(?::\w+)?\}"?/g) ?? [],
    );
    expect(inserted.length).toBeGreaterThan(0);
    for (const text of inserted) expect(text).toMatch(/^"\{\w+:escapejson\}"$/);
  });

  it("counts the runs of every orchestration", () => {
    const { text = "" } = queryFiles.find(({ name }) => name === "queries/operation-runs.kql") ?? {};
    const named = [...(/Name in \(([^)]*)\)/.exec(text)?.[1]?.matchAll(/"(\w+)"/g) ?? [])].map(
      ([, name]) => name,
    );
    expect(named.toSorted()).toEqual(Object.values(orchestratorNames).toSorted());
  });

  describe.each(queries)("$name", ({ content }) => {
    const columns = columnsOf(content.query);

    it("asks tables of the workspace that it is sent to", () => {
      expect(checkQuery(content.query)).toEqual([]);
      const asksApp = /\b(App[A-Z]\w+|AzureDiagnostics|_LogOperation)\b/.test(content.query);
      expect(content.crossComponentResources).toEqual([asksApp ? "{AppWorkspace}" : "{Workspace}"]);
    });

    it("leaves out what simulators have answered, and what arrived twice", () => {
      const reads = content.query.match(/^.*\bIncidentEnrichment_CL$[^;]*?\| summarize.*$/gm) ?? [];
      expect(content.query.match(/\bIncidentEnrichment_CL\b/g) ?? []).toHaveLength(reads.length);
      for (const read of reads) expect(read).toContain("| where coalesce(Simulated, false) == false");
    });

    it("formats, exports and shows columns that the query has", () => {
      const matchers = [
        ...(content.gridSettings?.formatters ?? []),
        ...(content.tileSettings
          ? [content.tileSettings.titleContent, content.tileSettings.leftContent]
          : []),
      ].map(({ columnMatch }) => columnMatch);
      for (const match of matchers)
        expect(columns.filter((column) => new RegExp(match).test(column)).length, match).toBeGreaterThan(0);
      if (content.exportFieldName !== undefined) expect(columns).toContain(content.exportFieldName);
    });
  });

  it("holds the same incidents to the same rules in the figures and in the list behind them", () => {
    const definitionIn = (file: string) => {
      const { text = "" } = queryFiles.find(({ name }) => name === `queries/${file}`) ?? {};
      const start = text.indexOf("let verdicts =");
      return text.slice(start, text.indexOf(";\n", text.indexOf("let judged =")));
    };
    expect(definitionIn("closings-by-rule.kql")).toContain('"false alarm"');
    expect(definitionIn("closings-by-rule.kql")).toBe(definitionIn("closings-incidents.kql"));
  });
});

describe("the shape of a workbook", () => {
  const spoilt: readonly { title: string; spoil: (item: Record<string, unknown>) => void }[] = [
    { title: "a type that there is not", spoil: (item) => Object.assign(item, { type: 13 }) },
    { title: "a misspelt field", spoil: (item) => Object.assign(item, { conditionalVisibilty: {} }) },
    { title: "an item without a name", spoil: (item) => Reflect.deleteProperty(item, "name") },
  ];
  it.each(spoilt)("does not allow $title", ({ spoil }) => {
    const copy = JSON.parse(deployed);
    spoil(copy.items[2].content.items[0]);
    expect(workbookShape.safeParse(copy).success).toBe(false);
  });
});
