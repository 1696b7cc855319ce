import type { TokenCredential } from "@azure/core-auth";
import { createAzureCredential } from "../../clients/azure-credential";
import { createKeyVaultReader, createSecret } from "../../clients/secrets";
import type { Config } from "../../config";
import type { Secret } from "../../domain/secret";

const timeoutMs = 20_000;

/** An operator's way to the services of an app: the app's settings with the signed-in account. */
export interface Access {
  readonly config: Config;
  readonly secrets: { readonly virustotal: Secret; readonly intezer: Secret; readonly webhook: Secret };
  /** Of the signed-in account: what is allowed to it says nothing about the app's identity. */
  readonly credential: TokenCredential;
  /** For the clients of Microsoft Sentinel. */
  readonly sentinel: {
    readonly endpoint: string;
    readonly credential: TokenCredential;
    readonly timeoutMs: number;
  };
  readonly userAgent: string;
  readonly timeoutMs: number;
}

/** Asks nobody yet. Throws for an address of the vault that is not safe to use. */
export function accessWith(config: Config): Access {
  const credential = createAzureCredential();
  const { keyVaultUrl, virustotal, intezer } = config;
  const vault = keyVaultUrl && createKeyVaultReader({ url: keyVaultUrl, credential, timeoutMs });
  const secretOf = (setting: string, vaultName: string, value: string | undefined) =>
    createSecret({ setting, vaultName, now: Date.now, ...(value && { value }), ...(vault && { vault }) });
  return {
    config,
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
    sentinel: { endpoint: config.sentinelEndpoint, credential, timeoutMs },
    userAgent: `sentinel-incident-enricher/${config.version}`,
    timeoutMs,
  };
}
