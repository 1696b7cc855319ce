import { describe, expect, it } from "vitest";
import { commandsOf, matches, read } from "../support/pages";

const deploy = read("docs/deploy.md");
const button = read("docs/deploy-button.md");
const operate = read("docs/operate.md");
const pages = [deploy, button, operate];

describe("what went wrong for others", () => {
  const explained = [
    { page: "docs/deploy.md", message: "(51021)", what: "deploy its template unchanged" },
    { page: "docs/deploy.md", message: "`maximumInstanceCount`", what: "MAXIMUM_INSTANCE_COUNT 40" },
    { page: "docs/deploy.md", message: "not supported in region", what: "list-flexconsumption-locations" },
    { page: "docs/deploy.md", message: "functionAppConfig.runtime.version", what: "NODE_VERSION 22" },
    {
      page: "docs/deploy.md",
      message: "the playbook cannot be used in the rule",
      what: "after a few minutes",
    },
    { page: "docs/deploy.md", message: "RoleAssignmentExists", what: "remove that assignment" },
    { page: "docs/deploy.md", message: "VaultAlreadyExists", what: "recover it" },
    { page: "docs/deploy.md", message: "MissingSubscriptionRegistration", what: "az provider register" },
    { page: "docs/deploy.md", message: "AADSTS500011", what: "azd provision" },
    { page: "docs/deploy.md", message: "Checking the health", what: "GET /api/health" },
    { page: "docs/deploy.md", message: "the app does not answer", what: "AppExceptions" },
    { page: "docs/operate.md", message: "This web app is stopped", what: "catch up" },
    {
      page: "docs/operate.md",
      message: "400 from `runPlaybook`",
      what: "Microsoft Sentinel Automation Contributor",
    },
    { page: "docs/operate.md", message: "Checking the health", what: "GET /api/health" },
    { page: "docs/operate.md", message: "OverQuota", what: "TELEMETRY_DAILY_CAP_GB" },
  ];
  it.each(explained)("$page says what to do about $message", ({ page, message, what }) => {
    const rows = read(page)
      .split("\n")
      .filter((line) => line.startsWith("| ") && line.split(" | ").length === 3);
    const row = rows.find((line) => line.split(" | ")[0]?.includes(message));
    expect(row?.split(" | ")[2]).toContain(what);
  });

  it("no one is sent to azd down, which could delete the workspace's resource group", () => {
    for (const text of pages)
      for (const line of text.split("\n").filter((one) => one.includes("azd down")))
        expect(line).toMatch(/Do not use `azd down`|refuses the project, because its `azd down`/);
    expect(deploy).toContain("az group delete --name rg-<environment>");
    expect(deploy).toContain("az role assignment list --scope <workspace id>");
  });

  it("a zip is not deployed by a command that hangs, without a word about that", () => {
    for (const text of pages)
      for (const paragraph of text.split("\n").filter((line) => line.includes("config-zip")))
        expect(paragraph).toContain("Checking the health");
  });

  it("no one is sent to the log stream", () => {
    for (const text of pages)
      for (const line of text.split("\n").filter((one) => /log stream/i.test(one)))
        expect(line).toMatch(/log stream of Flex Consumption often shows nothing/);
  });

  it("a vault is recovered into a group that is there", () => {
    const commands = commandsOf(deploy);
    const recovery = commands.findIndex((line) => line.startsWith("az keyvault recover"));
    expect(commands[recovery - 1]).toMatch(/^az group create --name rg-<environment>/);
  });

  it("the webhook's value is printed once, where it is made", () => {
    for (const text of [deploy, button]) expect(text).toMatch(/echo "[^"]*\$secret" && unset secret/);
  });

  it("commands behind the button do not ask azd", () => {
    expect(commandsOf(button).filter((line) => line.includes("azd "))).toEqual([]);
  });

  it("alerts that were added shortly before another change are said to be missed in the Defender portal", () => {
    expect(operate).toMatch(/5 to 10 minutes arrive as one update that holds only the most recent/);
  });

  it("the first alert of a new deployment is announced", () => {
    for (const text of [deploy, operate]) expect(text).toMatch(/No run for 24 hours.+first hour/);
  });
});

describe("what is not verified on Azure yet", () => {
  const heading = "## Not verified on Azure yet";

  it("is one list in one place, open until it has been seen", () => {
    expect(deploy.split(heading)).toHaveLength(2);
    const items = matches(deploy.slice(deploy.indexOf(heading)), /^\* \[[ x]\] (.+)$/gm);
    expect(items.length).toBeGreaterThan(10);
    for (const text of [button, operate, read("README.md"), read("infra/README.md")])
      expect(text).not.toMatch(/\* \[[ x]\]|not verified|unverified/i);
  });

  it("says what the providers' types lack, and notes the update strategy", () => {
    expect(deploy).toContain("The types lack three things that the templates use: `parameterValueType`");
    expect(deploy).toContain("`siteUpdateStrategy: RollingUpdate`");
  });
});
