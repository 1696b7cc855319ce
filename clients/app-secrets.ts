import type { TokenCredential } from "@azure/core-auth";
import type { Secret } from "../domain/attempt";
import { createKeyVaultReader, createSecret } from "./secrets";

/** Where the app's secrets are: in settings, or in a vault. */
interface SecretSettings {
  readonly keyVaultUrl: string | undefined;
  readonly virustotal: { readonly apiKey: string | undefined };
  readonly intezer: {
    readonly apiKey: string | undefined;
    readonly webhookAuthorization: string | undefined;
  };
}

export interface AppSecrets {
  readonly virustotal: Secret;
  readonly intezer: Secret;
  readonly webhook: Secret;
}

/** Asks nobody yet. Throws for an address of the vault that is not safe to use. */
export function createAppSecrets(
  { keyVaultUrl: url, virustotal, intezer }: SecretSettings,
  options: {
    readonly credential: TokenCredential;
    /** For one question to the vault. */
    readonly timeoutMs: number;
    /** Epoch milliseconds. */
    readonly now: () => number;
  },
): AppSecrets {
  const { now, ...access } = options;
  const vault = url && createKeyVaultReader({ url, ...access });
  const secretOf = (setting: string, vaultName: string, value: string | undefined) =>
    createSecret({ setting, vaultName, now, ...(value && { value }), ...(vault && { vault }) });
  return {
    virustotal: secretOf("VIRUSTOTAL_API_KEY", "virustotal-api-key", virustotal.apiKey),
    intezer: secretOf("INTEZER_API_KEY", "intezer-api-key", intezer.apiKey),
    webhook: secretOf(
      "INTEZER_WEBHOOK_AUTHORIZATION",
      "intezer-webhook-authorization",
      intezer.webhookAuthorization,
    ),
  };
}
