import type { TokenCredential } from "@azure/core-auth";
import type { Secret } from "../domain/attempt";
import { defined } from "../domain/json";
import { secretNames } from "./providers";
import { createKeyVaultReader, createSecret } from "./secrets";

/** Secrets by the names of their settings. */
export type AppSecrets = ReadonlyMap<string, Secret>;

/** The secrets of all providers. Sends no request yet. Throws if the vault's URL is not safe to use. */
export function createAppSecrets(
  {
    keyVaultUrl: url,
    secretValues,
  }: {
    readonly keyVaultUrl: string | undefined;
    /** The values of secrets that are set as settings. */
    readonly secretValues: Readonly<Record<string, string>>;
  },
  options: {
    readonly credential: TokenCredential;
    /** For one request to the vault. */
    readonly timeoutMs: number;
    /** Epoch milliseconds. */
    readonly now: () => number;
  },
): AppSecrets {
  const { now, ...access } = options;
  const vault = url === undefined ? undefined : createKeyVaultReader({ url, ...access });
  return new Map(
    secretNames().map(({ setting, vaultName }) => [
      setting,
      createSecret({ setting, vaultName, now, ...defined({ value: secretValues[setting], vault }) }),
    ]),
  );
}

/** Throws if no provider describes the setting as a secret. */
export function secretOf(secrets: AppSecrets, setting: string): Secret {
  const secret = secrets.get(setting);
  if (!secret) throw new Error(`No provider describes ${setting} as its secret.`);
  return secret;
}
