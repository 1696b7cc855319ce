import type { TokenCredential } from "@azure/core-auth";
import { defined } from "../domain/json";

/**
 * The app's identity: managed on Azure, the developer's sign-in on a laptop. The identity package takes a tenth of
 * a second to load, so it is loaded with the first token, which against simulators is never.
 */
export function createAzureCredential(managedIdentityClientId?: string): TokenCredential {
  let loading: Promise<TokenCredential> | undefined;
  const load = async () => {
    const { DefaultAzureCredential } = await import("@azure/identity");
    return new DefaultAzureCredential(defined({ managedIdentityClientId }));
  };
  return {
    async getToken(scopes, options) {
      loading ??= load();
      return (await loading).getToken(scopes, options);
    },
  };
}
