import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { alertRuleNames } from "../../../commands/check/alert-rules";
import { roleIds } from "../../../commands/check/roles";
import { at, moduleOf, type Template } from "../../support/arm-template";

describe("what npm run check compares with the templates", () => {
  const template = JSON.parse(readFileSync("infra/azuredeploy.json", "utf8")) as Template;

  it("is every alert rule that they deploy", () => {
    const alerts = moduleOf(template, "alerts");
    const logRules = at(alerts, "variables.rules") as readonly { readonly name: string }[];
    const metricRules = Object.values(alerts.resources).filter(({ type }) => type?.endsWith("/metricAlerts"));
    const deployedNames = [...logRules, ...metricRules].map(({ name }) => name);
    expect([...alertRuleNames].sort()).toEqual(deployedNames.sort());
  });

  it("are the ids of the roles that they grant", () => {
    const granted = readFileSync("infra/roles.bicep", "utf8");
    for (const role of ["sentinelResponder", "sentinelReader", "sentinelAutomationContributor"] as const)
      expect(granted).toContain(`${role}: '${roleIds[role]}'`);
  });
});
