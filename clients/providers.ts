import type { TokenCredential } from "@azure/core-auth";
import { type Attempt, done, type Secret } from "../domain/attempt";
import { defined } from "../domain/json";
import { withoutKey } from "../domain/lookups/provider";
import { type HalfOfDay, halfOfDay } from "../domain/run/catch-up";
import { intezer } from "./intezer/index";
import type { ProviderDescription, ProviderOutside, ProviderParts, SecretName } from "./provider-description";
import { createKeyVaultReader, createSecret } from "./secrets";
import { virustotal } from "./virustotal/index";
import { workspaceTi } from "./workspace-ti/index";

/** All providers of the app, in the order of the comment. docs/adding-a-provider.md says how to add one. */
export const providers: readonly ProviderDescription[] = [virustotal, intezer, workspaceTi];

/** The secrets of all providers. */
export function secretNames(): readonly SecretName[] {
  return providers.flatMap(({ secrets }) => Object.values(secrets));
}

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

/** A provider with its parsed settings. */
export interface ConfiguredProvider {
  readonly description: ProviderDescription;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Its secrets are set, or may be in the vault. */
  readonly hasSecrets: boolean;
}

export interface CreatedProvider extends ProviderParts {
  readonly hasSecrets: boolean;
}

/** The app's providers, in the order of the list. Sends no request yet; a provider without its secrets looks up nothing. */
export function createProviders(
  configured: readonly ConfiguredProvider[],
  { secrets: all, ...outside }: Omit<ProviderOutside, "secrets"> & { readonly secrets: AppSecrets },
): readonly CreatedProvider[] {
  return configured.map(({ description, settings, hasSecrets }) => {
    const names = Object.entries(description.secrets);
    const secrets = Object.fromEntries(names.map(([name, { setting }]) => [name, secretOf(all, setting)]));
    const parts = description.create(settings, { ...outside, secrets });
    if (hasSecrets) return { ...parts, hasSecrets };
    const needed = names.filter(([, { isOptional }]) => !isOptional).map(([, { setting }]) => setting);
    return { ...parts, provider: withoutKey(parts.provider, needed.join(" and ")), hasSecrets };
  });
}

/**
 * Half of the daily quota of each provider that reports what its key has left. Reads it from the services, which spends no
 * quota. Refused if one of them refuses its key.
 */
export async function readHalfDays(
  created: readonly Pick<CreatedProvider, "provider" | "standing">[],
): Promise<Attempt<readonly HalfOfDay[]>> {
  const halves = await Promise.all(
    created.flatMap(({ provider, standing }) =>
      standing ? [standing().then((said) => halfOfDay(provider, said))] : [],
    ),
  );
  const refusal = halves.find((half) => half.kind !== "done");
  return refusal ?? done(halves.flatMap((half) => (half.kind === "done" ? [half.value] : [])));
}
