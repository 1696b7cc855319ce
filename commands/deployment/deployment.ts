import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { createAzureCredential } from "../../clients/azure-credential";
import { createKeyVaultReader, createSecret } from "../../clients/secrets";
import type { Playbook } from "../../clients/sentinel/playbook";
import { type Config, readConfig } from "../../config";
import type { Secret } from "../../domain/secret";
import { localSettings } from "../../local/host/local-settings";
import { packageRoot } from "../../local/host/package-root";

/** Outputs of the deployment and settings of the app, by their names. */
export type Values = Readonly<Record<string, string | undefined>>;

/** A deployed app as an operator's machine reaches it: the app's settings with the signed-in account. */
export interface Deployment {
  readonly config: Config;
  /** Base URL of the function app. */
  readonly appUrl?: string;
  readonly relay?: Playbook;
  readonly secrets: { readonly virustotal: Secret; readonly intezer: Secret; readonly webhook: Secret };
  /** Of the signed-in account: what is allowed to it says nothing about the app's identity. */
  readonly credential: ReturnType<typeof createAzureCredential>;
  readonly userAgent: string;
  readonly timeoutMs: number;
}

const keySettings = ["VIRUSTOTAL_API_KEY", "INTEZER_API_KEY", "INTEZER_WEBHOOK_AUTHORIZATION"];

/**
 * What an azd environment of this folder holds, without keys: the app has them from the vault. Without a name: the
 * process's environment and local.settings.json. Throws when there is no such environment.
 */
export function valuesOf(environment: string | undefined, folder = process.cwd()): Values {
  if (environment === undefined) return { ...localSettings(packageRoot), ...process.env };
  const file = join(folder, ".azure", environment, ".env");
  if (!/^[\w.-]+$/.test(environment) || !existsSync(file))
    throw new Error(`There is no azd environment ${environment} here: azd env list names those that are.`);
  const values = Object.entries(parseEnv(readFileSync(file, "utf8")));
  return Object.fromEntries(values.filter(([name]) => !keySettings.includes(name)));
}

/** Throws an error that names every setting that is wrong. */
export function deploymentFrom(values: Values): Deployment {
  const config = readConfig({ ...settingsFromOutputs(values), ...values });
  const credential = createAzureCredential();
  const timeoutMs = 20_000;
  const { keyVaultUrl, virustotal, intezer } = config;
  const vault = keyVaultUrl && createKeyVaultReader({ url: keyVaultUrl, credential, timeoutMs });
  const secretOf = (setting: string, vaultName: string, value: string | undefined) =>
    createSecret({ setting, vaultName, now: Date.now, ...(value && { value }), ...(vault && { vault }) });
  const { AZURE_FUNCTION_APP_URL: appUrl, AZURE_RELAY_ID: relayId, AZURE_TENANT_ID: tenantId } = values;
  return {
    config,
    ...(appUrl && { appUrl: appUrl.replace(/\/+$/, "") }),
    ...(relayId && { relay: { id: relayId, ...(tenantId && { tenantId }) } }),
    secrets: {
      virustotal: secretOf("VIRUSTOTAL_API_KEY", "virustotal-api-key", virustotal.apiKey),
      intezer: secretOf("INTEZER_API_KEY", "intezer-api-key", intezer.apiKey),
      webhook: secretOf(
        "INTEZER_WEBHOOK_AUTHORIZATION",
        "intezer-webhook-authorization",
        intezer.webhookAuthorization,
      ),
    },
    credential,
    userAgent: `sentinel-incident-enricher/${config.version}`,
    timeoutMs,
  };
}

/** Settings that the templates derive from what they deploy. */
function settingsFromOutputs(values: Values): Values {
  const { AZURE_KEY_VAULT_NAME: vault, AZURE_STORAGE_ACCOUNT_ID: storage } = values;
  return {
    ...(vault && { KEY_VAULT_URL: `https://${vault}.vault.azure.net` }),
    ...(storage && { AzureWebJobsStorage__accountName: storage.split("/").at(-1) }),
  };
}
