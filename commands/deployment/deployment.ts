import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { secretNames } from "../../clients/providers";
import { readConfig } from "../../config";
import { localSettings } from "../../local/host/local-settings";
import { packageRoot } from "../../local/host/package-root";
import { type Access, accessWith } from "./access";
import type { Playbook } from "./playbook";

/** Outputs of the deployment and settings of the app, by their names. */
export type Values = Readonly<Record<string, string | undefined>>;

/** A deployed app, as an operator's machine reaches it. */
export interface Deployment extends Access {
  /** Base URL of the function app. */
  readonly appUrl?: string;
  /** ARM id of the relay playbook. */
  readonly relayId?: string;
}

/** Options of a command that name a deployment, for `parseArgs`. */
export const deploymentOptions = {
  environment: { type: "string" },
  relay: { type: "string" },
} as const;

/** Values of an azd environment; without its name, of the process's environment and local.settings.json. */
export function valuesOf({
  environment,
  relay,
}: {
  readonly environment?: string | undefined;
  readonly relay?: string | undefined;
}): Values {
  const values =
    environment === undefined
      ? { ...localSettings(packageRoot), ...process.env }
      : environmentValues(environment);
  return relay === undefined ? values : { ...values, AZURE_RELAY_ID: relay };
}

/** Leaves keys out, which the app reads from the vault. Throws when this folder has no such environment. */
function environmentValues(environment: string): Values {
  const file = join(process.cwd(), ".azure", environment, ".env");
  if (!/^[\w.-]+$/.test(environment) || !existsSync(file))
    throw new Error(`There is no azd environment ${environment} here: azd env list names the existing ones.`);
  const values = Object.entries(parseEnv(readFileSync(file, "utf8")));
  const keySettings = new Set(secretNames().map(({ setting }) => setting));
  return Object.fromEntries(values.filter(([name]) => !keySettings.has(name)));
}

/** Throws when the values do not name the relay. */
export function relayFrom({ AZURE_RELAY_ID: id, AZURE_TENANT_ID: tenantId }: Values): Playbook {
  if (!id) throw new Error("The relay is not known: give --relay, or set AZURE_RELAY_ID.");
  return { id, ...(tenantId && { tenantId }) };
}

/** Throws an error that names every setting that is wrong. */
export function deploymentFrom(values: Values): Deployment {
  const access = accessWith(readConfig({ ...settingsFromOutputs(values), ...values }));
  const { AZURE_FUNCTION_APP_URL: appUrl, AZURE_RELAY_ID: relayId } = values;
  return {
    ...access,
    ...(appUrl && { appUrl: appUrl.replace(/\/+$/, "") }),
    ...(relayId && { relayId }),
  };
}

/** Settings that the templates set from what they deploy. */
function settingsFromOutputs(values: Values): Values {
  const { AZURE_KEY_VAULT_NAME: vault, AZURE_STORAGE_ACCOUNT_ID: storage } = values;
  return {
    ...(vault && { KEY_VAULT_URL: `https://${vault}.vault.azure.net` }),
    ...(storage && { AzureWebJobsStorage__accountName: storage.split("/").at(-1) }),
  };
}
