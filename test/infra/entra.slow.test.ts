import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Answers, commandsRun, installPrograms, posix, windows } from "../support/programs";

const clientId = "11111111-0000-4000-8000-000000000001";
const securityInsights = "22222222-0000-4000-8000-000000000002";
const subscription = "33333333-0000-4000-8000-000000000003";
const tenant = "44444444-0000-4000-8000-000000000004";
const name = "sentinel-incident-enricher-soc";
const usable = {
  displayName: name,
  appId: clientId,
  identifierUris: [`api://${clientId}`],
  api: { requestedAccessTokenVersion: 2 },
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "az and azd-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe.skipIf(process.platform === "win32").each([posix, windows])(
  "the hook before azd provisions, $title",
  (system) => {
    const answersOfATenant = {
      "az version": { "azure-cli": "2.70.0" },
      "az account show": { tenantId: tenant },
      "az ad sp show": { id: securityInsights },
    };

    /** What the hook ran, in lists of arguments, how it ended and what it printed. */
    function runHook(answers: Answers, environment: NodeJS.ProcessEnv = {}, programs = ["az", "azd"]) {
      installPrograms(folder, system, programs, { ...answersOfATenant, ...answers });
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [...system.arguments(folder), "infra/entra.mjs"],
        {
          env: {
            PATH: [join(folder, "nothing-here"), folder].join(delimiter),
            AZURE_ENV_NAME: "soc",
            AZURE_SUBSCRIPTION_ID: subscription,
            ...system.environment(folder),
            ...environment,
          },
          encoding: "utf8",
        },
      );
      return { status, text: stdout + stderr, commands: commandsRun(folder) };
    }

    const changes = (commands: readonly string[][]) =>
      commands.filter(
        ([program, ...args]) => program === "azd" || args.some((word) => /^(create|update)$/.test(word)),
      );
    const json = ["--output", "json"];
    const keptClient = ["azd", "env", "set", "AUTH_CLIENT_ID", clientId];
    const keptPrincipal = ["azd", "env", "set", "SECURITY_INSIGHTS_PRINCIPAL_ID", securityInsights];
    const update = (...uris: readonly string[]) => [
      ...["az", "ad", "app", "update", "--id", clientId, "--identifier-uris", ...uris],
      ...["--requested-access-token-version", "2", ...json],
    ];
    const createdPrincipal = ["az", "ad", "sp", "create", "--id", clientId, ...json];
    const nothingYet = {
      // The filter of the Azure CLI takes names that only begin alike.
      "az ad app list": [{ displayName: `${name}-2`, appId: "another" }],
      "az ad app create": { displayName: name, appId: clientId, identifierUris: [] },
      "az ad sp list": [],
    };
    const allThere = { "az ad app list": [usable], "az ad sp list": [{ appId: clientId }] };

    it("registers the app so that a managed identity gets version 2 tokens for it, and keeps both ids", () => {
      const { status, commands } = runHook(nothingYet);
      expect(status).toBe(0);
      expect(changes(commands)).toEqual([
        keptPrincipal,
        ["az", "ad", "app", "create", "--display-name", name, "--sign-in-audience", "AzureADMyOrg", ...json],
        update(`api://${clientId}`),
        createdPrincipal,
        keptClient,
      ]);
    });

    it("gives az no argument with a blank or a quote, which a shell could split", () => {
      const { commands } = runHook(nothingYet);
      for (const argument of commands.flat()) expect(argument).toMatch(/^[\w./:@=-]+$/);
    });

    it("changes nothing in the directory when all is there, on another machine", () => {
      const { status, commands } = runHook(allThere);
      expect(status).toBe(0);
      expect(changes(commands)).toEqual([keptPrincipal, keptClient]);
    });

    it("does nothing at all in a second run", () => {
      const given = { AUTH_CLIENT_ID: clientId, SECURITY_INSIGHTS_PRINCIPAL_ID: securityInsights };
      expect(runHook(allThere, given)).toMatchObject({ status: 0, commands: [] });
    });

    it("needs no Azure CLI when both ids are given", () => {
      const given = { AUTH_CLIENT_ID: clientId, SECURITY_INSIGHTS_PRINCIPAL_ID: securityInsights };
      expect(runHook({}, given, [])).toMatchObject({ status: 0 });
    });

    it("does not change a registration of another owner", () => {
      const { status, commands } = runHook({}, { AUTH_CLIENT_ID: clientId });
      expect(status).toBe(0);
      expect(commands.filter(([, group, kind]) => group === "ad" && kind === "app")).toEqual([]);
      expect(changes(commands)).toEqual([keptPrincipal]);
    });

    it("does not look for Microsoft Sentinel's application when its id is given", () => {
      const { commands } = runHook(allThere, { SECURITY_INSIGHTS_PRINCIPAL_ID: securityInsights });
      expect(commands.filter((command) => command.join(" ").startsWith("az ad sp show"))).toEqual([]);
      expect(changes(commands)).toEqual([keptClient]);
    });

    const halves = [
      {
        title: "a registration without an identifier",
        answers: { ...allThere, "az ad app list": [{ ...usable, identifierUris: [] }] },
        repaired: [update(`api://${clientId}`)],
      },
      {
        title: "a registration for version 1 tokens, with an identifier of its own that stays",
        answers: {
          ...allThere,
          "az ad app list": [
            { ...usable, identifierUris: ["api://soc"], api: { requestedAccessTokenVersion: null } },
          ],
        },
        repaired: [update("api://soc", `api://${clientId}`)],
      },
      {
        title: "a registration without an enterprise application",
        answers: { ...allThere, "az ad sp list": [] },
        repaired: [createdPrincipal],
      },
    ];
    it.each(halves)("goes on where it failed half-way: $title", ({ answers, repaired }) => {
      const { status, commands } = runHook(answers, { SECURITY_INSIGHTS_PRINCIPAL_ID: securityInsights });
      expect(status).toBe(0);
      expect(changes(commands)).toEqual([...repaired, keptClient]);
    });

    it("keeps no client id before the registration is usable", () => {
      const { status, commands, text } = runHook({ ...nothingYet, "az ad sp create": "fails" });
      expect(status).toBe(1);
      expect(text).toContain("What has been done is found again");
      expect(commands).not.toContainEqual(keptClient);
    });

    it("stops before it changes anything when az is signed in to another tenant than azd", () => {
      const { status, commands, text } = runHook({
        ...nothingYet,
        "az account show": { tenantId: "another" },
        [`az account show --subscription ${subscription}`]: { tenantId: tenant },
      });
      expect(status).toBe(1);
      expect(text).toContain(`az account set --subscription ${subscription}`);
      expect(changes(commands)).toEqual([]);
    });

    const refusals = [
      {
        title: "an id that is none",
        environment: { AUTH_CLIENT_ID: "api://soc" },
        answers: {},
        says: "AUTH_CLIENT_ID must be a GUID",
      },
      {
        title: "an Azure CLI that is too old",
        environment: {},
        answers: { ...nothingYet, "az version": { "azure-cli": "2.67.9" } },
        says: "az upgrade",
      },
      {
        title: "two registrations of the name",
        environment: {},
        answers: { ...allThere, "az ad app list": [usable, { ...usable, appId: securityInsights }] },
        says: "set AUTH_CLIENT_ID to one of them",
      },
      {
        title: "a directory that may not be read",
        environment: {},
        answers: { ...allThere, "az ad sp show": "fails" },
        says: "set SECURITY_INSIGHTS_PRINCIPAL_ID with azd env set",
      },
      {
        title: "a subscription that az does not know",
        environment: {},
        answers: { "az account show --subscription": "fails" },
        says: "az login --tenant",
      },
      {
        title: "an environment that azd cannot write",
        environment: {},
        answers: { ...allThere, "azd env set": "fails" },
        says: `azd env set SECURITY_INSIGHTS_PRINCIPAL_ID ${securityInsights}`,
      },
      {
        title: "no environment's name",
        environment: { AZURE_ENV_NAME: "" },
        answers: allThere,
        says: "AZURE_ENV_NAME is not set",
      },
    ];
    it.each(refusals)("says what to do about $title", ({ environment, answers, says }) => {
      const { status, text, commands } = runHook({ ...answers }, environment);
      expect(status).toBe(1);
      expect(text).toContain(says);
      expect(text).not.toMatch(/^\s+at /m);
      expect(commands.filter((command) => command.includes("create"))).toEqual([]);
    });

    it("says how to do without the Azure CLI where there is none", () => {
      const { status, text } = runHook({}, {}, ["azd"]);
      expect(status).toBe(1);
      expect(text).toContain("AUTH_CLIENT_ID and SECURITY_INSIGHTS_PRINCIPAL_ID");
    });
  },
);
