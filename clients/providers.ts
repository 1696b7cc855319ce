import { intezer } from "./intezer/index";
import type { ProviderDescription, SecretName } from "./provider-description";
import { virustotal } from "./virustotal/index";
import { workspaceTi } from "./workspace-ti/index";

/** All providers of the app, in the order of the comment. docs/adding-a-provider.md says how to add one. */
export const providers: readonly ProviderDescription[] = [virustotal, intezer, workspaceTi];

/** The secrets of all providers. */
export function secretNames(): readonly SecretName[] {
  return providers.flatMap(({ secrets }) => Object.values(secrets));
}
