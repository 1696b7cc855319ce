import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const clientId = "11111111-0000-0000-0000-000000000001";
const securityInsights = "22222222-0000-0000-0000-000000000002";
const name = "sentinel-incident-enricher-soc";

/** Answers as the Azure CLI's, by the first words of a command; writes down every command. */
const standIn = `#!${process.execPath}
const { appendFileSync } = require("node:fs");
const { basename, join } = require("node:path");
const command = [basename(process.argv[1]), ...process.argv.slice(2)].join(" ");
appendFileSync(join(__dirname, "commands"), command + "\\n");
const answers = JSON.parse(process.env.ANSWERS);
const known = Object.keys(answers).find((words) => command.startsWith(words));
if (known) console.log(JSON.stringify(answers[known]));
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "entra-"));
  for (const program of ["az", "azd"]) writeFileSync(join(folder, program), standIn, { mode: 0o755 });
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The commands that the hook ran. */
function runHook(answers: Readonly<Record<string, unknown>>, environment: NodeJS.ProcessEnv = {}): string[] {
  execFileSync(process.execPath, ["infra/entra.mjs"], {
    env: {
      PATH: folder,
      AZURE_ENV_NAME: "soc",
      ANSWERS: JSON.stringify({ "az ad sp show": { id: securityInsights }, ...answers }),
      ...environment,
    },
    stdio: "pipe",
  });
  return readFileSync(join(folder, "commands"), "utf8").trim().split("\n");
}

const kept = [
  `azd env set AUTH_CLIENT_ID ${clientId}`,
  `azd env set SECURITY_INSIGHTS_PRINCIPAL_ID ${securityInsights}`,
];

describe.skipIf(process.platform === "win32")("the hook before azd provisions", () => {
  it("registers the app so that a managed identity gets version 2 tokens for it, and keeps both ids", () => {
    const commands = runHook({
      // The filter of the Azure CLI takes names that only begin alike.
      "az ad app list": [{ displayName: `${name}-2`, appId: "another" }],
      "az ad app create": { appId: clientId },
      "az ad sp list": [],
    });
    expect(commands.filter((command) => / (create|update) /.test(command))).toEqual([
      `az ad app create --display-name ${name} --sign-in-audience AzureADMyOrg --output json`,
      `az ad app update --id ${clientId} --identifier-uris api://${clientId} --requested-access-token-version 2 --output json`,
      `az ad sp create --id ${clientId} --output json`,
    ]);
    expect(commands.slice(-2)).toEqual(kept);
  });

  it("finds what it made before, and makes nothing twice", () => {
    const commands = runHook({
      "az ad app list": [{ displayName: name, appId: clientId }],
      "az ad sp list": [{ appId: clientId }],
    });
    expect(commands.filter((command) => command.includes(" create "))).toEqual([]);
    expect(commands.slice(-2)).toEqual(kept);
  });

  it("leaves a registration alone that somebody else made", () => {
    const commands = runHook({}, { AUTH_CLIENT_ID: clientId });
    expect(commands.filter((command) => command.includes(" ad app "))).toEqual([]);
    expect(commands.slice(-2)).toEqual(kept);
  });
});
