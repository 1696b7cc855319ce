import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alertRuleNames } from "../../../commands/check/alert-rules";
import { checkDeployment } from "../../../commands/check/check";
import { deploymentFrom } from "../../../commands/deployment/deployment";
import { type SimulatedDeployment, startDeployment } from "../../../local/simulators/deployment";
import type { SimulatorRequest } from "../../../local/simulators/simulator";
import { check, clock, hoursAgo, printed, withDeployment } from "./setup";

async function checkAll({ values }: SimulatedDeployment) {
  return printed(await checkDeployment(deploymentFrom(values)));
}

let deployed: SimulatedDeployment;
beforeAll(async () => {
  deployed = await startDeployment(clock);
});
afterAll(() => deployed.stop());

describe("npm run check", () => {
  it("finds the resources of a new deployment in order, and says that no rule has fired yet", async () => {
    const lines = await checkAll(deployed);
    expect(lines).not.toMatch(/^failed/m);
    expect(lines).toMatch(/^note rules: law-soc: 2 rules start the relay, but it has never run/m);
    expect(lines).toMatch(/^ok relay: enabled$/m);
    expect(lines).toMatch(/^ok roles: all 3 are granted$/m);
    expect(lines).toMatch(/^ok authentication: App Service authentication is on and admits the relay$/m);
    expect(lines).toMatch(/^ok callers: the relay's identity is in RELAY_PRINCIPAL_IDS$/m);
    expect(lines).toMatch(/^ok app: callers: App Service authentication is on$/m);
    expect(lines).toMatch(/^ok daily cap: log-enricher takes data \(1 GB a day\)$/m);
    expect(lines).toMatch(/^ok daily cap: law-soc takes data \(no cap\)$/m);
    expect(lines).toMatch(/^ok alert rules: all 8 are enabled$/m);
  });

  it("has each of its lines explained in docs/check.md", async () => {
    const page = readFileSync("docs/check.md", "utf8");
    const explained = [...page.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, names = ""]) => names.split(", "));
    const lines = await checkDeployment(deploymentFrom(deployed.values));
    for (const { name } of lines) expect(explained).toContain(name.replace(/^app: .*/, "app: …"));
  });

  const settings = () => `${deployed.azure.ids.app}/config/appsettings`;
  const authentication = () => `${deployed.azure.ids.app}/config/authsettingsV2`;
  const rule = (change: object) => ({
    triggeringLogic: {
      isEnabled: true,
      triggersOn: "Incidents",
      triggersWhen: "Created",
      conditions: [],
      ...change,
    },
  });

  it.each([
    {
      finding: "no automation rule for new incidents",
      change: () => deployed.azure.remove(deployed.azure.ids.createdRule),
      line: /^failed rules: law-soc: no automation rule starts the relay for new incidents: deploy again$/m,
    },
    {
      finding: "a rule that starts another playbook",
      change: () => deployed.azure.update(deployed.azure.ids.createdRule, { actions: [] }),
      line: /^failed rules: law-soc: no automation rule starts the relay/m,
    },
    {
      finding: "a disabled automation rule",
      change: () => deployed.azure.update(deployed.azure.ids.createdRule, rule({ isEnabled: false })),
      line: /^failed rules: law-soc: "Incident Enricher: new incidents" is disabled .*: enable it/m,
    },
    {
      finding: "an automation rule that has expired",
      change: () =>
        deployed.azure.update(deployed.azure.ids.createdRule, rule({ expirationTimeUtc: hoursAgo(1) })),
      line: /^failed rules: .*has expired/m,
    },
    {
      finding: "a disabled rule for added alerts",
      change: () =>
        deployed.azure.update(
          deployed.azure.ids.addedRule,
          rule({ isEnabled: false, triggersWhen: "Updated" }),
        ),
      line: /^note rules: law-soc: "Incident Enricher: incidents that got alerts" is disabled/m,
    },
    {
      finding: "a relay that is gone",
      change: () => deployed.azure.remove(deployed.azure.ids.relay),
      line: /^failed relay: it does not exist\. Check AZURE_RELAY_ID$/m,
    },
    {
      finding: "a disabled relay",
      change: () => deployed.azure.update(deployed.azure.ids.relay, { state: "Disabled" }),
      line: /^failed relay: Disabled: enable the logic app logic-enricher$/m,
    },
    {
      finding: "a relay without its role",
      change: () => deployed.azure.remove(deployed.azure.ids.relayRole),
      line: /^failed roles: the relay's identity has no role on law-soc, .* grant Microsoft Sentinel Reader/m,
    },
    {
      finding: "an app without its role",
      change: () => deployed.azure.remove(deployed.azure.ids.appRole),
      line: /^failed roles: the app's identity has no role on law-soc, .* grant Microsoft Sentinel Responder/m,
    },
    {
      finding: "a Sentinel that may not start the relay",
      change: () => deployed.azure.remove(deployed.azure.ids.sentinelRole),
      line: /^failed roles: Azure Security Insights .* grant Microsoft Sentinel Automation Contributor/m,
    },
    {
      finding: "a relay that is not in RELAY_PRINCIPAL_IDS",
      change: () => deployed.azure.update(settings(), { RELAY_PRINCIPAL_IDS: "another-caller" }),
      line: /^failed callers: the relay's identity is not in RELAY_PRINCIPAL_IDS, .*add 0a000000-/m,
    },
    {
      finding: "an empty RELAY_PRINCIPAL_IDS",
      change: () => deployed.azure.update(settings(), { RELAY_PRINCIPAL_IDS: undefined }),
      line: /^failed callers: RELAY_PRINCIPAL_IDS is empty/m,
    },
    {
      finding: "authentication that is off",
      change: () => deployed.azure.update(authentication(), { platform: { enabled: false } }),
      line: /^failed authentication: .*WEBSITE_AUTH_ENABLED is missing .*switch it on/m,
    },
    {
      finding: "authentication that lets anyone pass",
      change: () =>
        deployed.azure.update(authentication(), { globalValidation: { requireAuthentication: false } }),
      line: /^failed authentication: .*require authentication/m,
    },
    {
      finding: "authentication that admits every principal",
      change: () => deployed.azure.update(authentication(), { identityProviders: {} }),
      line: /^failed authentication: .*admits every principal/m,
    },
    {
      finding: "a stopped app",
      change: () => deployed.azure.update(deployed.azure.ids.app, { state: "Stopped" }),
      line: /^failed app: is Stopped: start it/m,
    },
    {
      finding: "an app at another address",
      change: () => deployed.azure.update(deployed.azure.ids.app, { defaultHostName: "other.example" }),
      line: /^failed callers: no function app of rg-enricher has the host name 127\.0\.0\.1/m,
    },
    {
      finding: "the cap of the app's telemetry",
      change: () =>
        deployed.azure.update(deployed.azure.ids.logs, {
          workspaceCapping: {
            dailyQuotaGb: 1,
            dataIngestionStatus: "OverQuota",
            quotaNextResetTime: "2026-11-27T14:00:00Z",
          },
        }),
      line: /^failed daily cap: log-enricher takes no more data until 2026-11-27T14:00:00Z \(1 GB a day\), and the alerts cannot fire: .*raise the cap$/m,
    },
    {
      finding: "a cap that is near",
      change: () =>
        deployed.azure.update(deployed.azure.ids.logs, {
          workspaceCapping: { dailyQuotaGb: 1, dataIngestionStatus: "ApproachingQuota" },
        }),
      line: /^note daily cap: log-enricher is close to its cap/m,
    },
    {
      finding: "the cap of Sentinel's workspace",
      change: () =>
        deployed.azure.update(deployed.services.sentinel.workspace, {
          workspaceCapping: { dailyQuotaGb: 5, dataIngestionStatus: "OverQuota" },
        }),
      line: /^failed daily cap: law-soc takes no more data \(5 GB a day\), and Microsoft Sentinel raises no alerts/m,
    },
    {
      finding: "a disabled alert rule",
      change: () => deployed.azure.update(deployed.azure.ids.alertRule, { enabled: false }),
      line: /^failed alert rules: disabled: Runs failed\. Enable them in Azure Monitor/m,
    },
    {
      finding: "a missing alert rule",
      change: () => deployed.azure.remove(deployed.azure.ids.alertRule),
      line: /^failed alert rules: missing: Runs failed\. Deploy again$/m,
    },
  ])("names $finding, and how to fix it", async ({ change, line }) => {
    const undo = change();
    const lines = await check(deployed);
    undo();
    expect(lines).toMatch(line);
  });

  it("says that alerts notify no one", async () => {
    const { azure } = deployed;
    const rules = alertRuleNames.map((name) =>
      azure.ids.alertRule
        .replace("Runs failed", name)
        .replace("scheduledQueryRules/Relay", "metricAlerts/Relay"),
    );
    const undo = rules.map((id) => azure.update(id, { actions: [] }));
    const lines = await check(deployed);
    for (const each of undo) each();
    expect(lines).toMatch(/^note alert rules: all 8 are enabled, but notify no one: set ALERT_EMAIL/m);
  });

  it("says that the app runs another version than the one that is checked with", async () => {
    deployed.front.script({
      match: ({ path }) => path === "/api/health",
      fault: { status: 200, json: { status: "healthy", version: "0.0.1", checks: [] } },
    });
    expect(await checkAll(deployed)).toMatch(
      /^failed app: version 0\.0\.1 answers, but this folder holds \d+\.\d+\.\d+: deploy it/m,
    );
  });

  it("says that the app does not see App Service authentication", () =>
    withDeployment(
      async (deployed) => {
        expect(await checkAll(deployed)).toMatch(
          /^failed app: callers: .*WEBSITE_AUTH_ENABLED is not set, and no run can start\. Switch it on$/m,
        );
      },
      { WEBSITE_AUTH_ENABLED: "" },
    ));

  it("says what it needs without the id of the relay", async () => {
    expect(await check(deployed, { AZURE_RELAY_ID: "" })).toMatch(
      /^failed relay: its ARM id is not known: set AZURE_RELAY_ID/m,
    );
  });

  const forbidden = { status: 403, json: { error: { code: "AuthorizationFailed", message: "no" } } };
  const isAbout = (part: string) => (request: SimulatorRequest) => request.path.includes(part);

  it.each([
    { unreadable: "/workflows/", line: /^failed relay: your account may not read this: it needs .*Reader/m },
    { unreadable: "/automationRules", line: /^failed rules: .*Microsoft Sentinel Reader on the workspace/m },
    { unreadable: "/roleAssignments", line: /^failed roles: .*needs the role Reader/m },
    {
      unreadable: "/config/appsettings",
      line: /^note callers: RELAY_PRINCIPAL_IDS was not checked: .*Website Contributor/m,
    },
    { unreadable: "/metricAlerts", line: /^failed alert rules: .*Reader on the resource group rg-enricher/m },
    { unreadable: "/components", line: /^failed daily cap: .*Reader/m },
  ])("says which role it lacks to read $unreadable", async ({ unreadable, line }) => {
    deployed.services.sentinel.script({ match: isAbout(unreadable), fault: forbidden });
    expect(await check(deployed)).toMatch(line);
  });

  it("reads every page of the automation rules", async () => {
    const { services } = deployed;
    const path = `${services.sentinel.workspace}/providers/Microsoft.SecurityInsights/automationRules`;
    const nextLink = `${services.sentinel.origin}${path}?api-version=2025-09-01&$skipToken=1`;
    services.sentinel.script({
      match: isAbout("/automationRules"),
      fault: { status: 200, json: { value: [], nextLink } },
    });
    expect(await check(deployed)).toMatch(/^note rules: law-soc: 2 rules start the relay/m);
  });
});
