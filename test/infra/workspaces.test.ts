import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { scopeFrom } from "../../clients/sentinel/arm-id";
import { valueOfExpression } from "../support/arm-expression";
import { at, type Template } from "../support/arm-template";

const template: Template = JSON.parse(readFileSync("infra/azuredeploy.json", "utf8"));
const workspacesFrom = (sentinelWorkspaces: string) =>
  valueOfExpression(String(template.variables?.workspaceIds), { sentinelWorkspaces });

const inGroup = (group: string) =>
  `/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/${group}/providers/Microsoft.OperationalInsights/workspaces/law-soc`;
const one = inGroup("rg-soc");
const other = inGroup("rg-lab");
const kept = (...ids: readonly string[]) => ids.map((id) => id.toLowerCase());

const lists = [
  { title: "one workspace", given: one, workspaces: kept(one) },
  {
    title: "several, with blanks and line breaks",
    given: ` ${one} ,\n${other}\n`,
    workspaces: kept(one, other),
  },
  { title: "a comma at the end", given: `${one},`, workspaces: kept(one) },
  {
    title: "a comma too many, and blanks only between two",
    given: `,${one},, ,${other}`,
    workspaces: kept(one, other),
  },
  { title: "a slash at the end", given: `${one}/`, workspaces: kept(one) },
  {
    title: "one workspace twice, in another case",
    given: `${one},${one.toUpperCase()}`,
    workspaces: kept(one),
  },
];

describe("the workspaces that a deployment serves", () => {
  it.each(lists)("takes $title", ({ given, workspaces }) =>
    expect(workspacesFrom(given)).toEqual(workspaces),
  );

  it("gives the app ids that it reads", () => {
    for (const id of workspacesFrom(`${one}/,${other},`) as string[]) expect(scopeFrom(id)).toBeDefined();
    expect(at(template.resources.functionApp, "properties.parameters.sentinelWorkspaces.value")).toBe(
      "[join(variables('workspaceIds'), ',')]",
    );
  });

  it("grants and creates rules in the resource group that the id names", () => {
    for (const name of ["workspaceAccess", "automationRules"]) {
      const text = JSON.stringify(template.resources[name]);
      expect(text).toContain("split(variables('workspaceIds')[copyIndex()], '/')[4]");
      expect(text).not.toContain("parameters('sentinelWorkspaces')");
    }
  });
});
