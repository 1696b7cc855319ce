import { withoutKey } from "../domain/lookups/provider";
import { type AppSecrets, secretOf } from "./app-secrets";
import type { ProviderDescription, ProviderOutside, ProviderParts } from "./provider-description";

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
