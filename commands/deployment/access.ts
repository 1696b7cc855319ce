import type { TokenCredential } from "@azure/core-auth";
import { type AppSecrets, createAppSecrets } from "../../clients/app-secrets";
import { createAzureCredential } from "../../clients/azure-credential";
import type { Config } from "../../config";

const timeoutMs = 20_000;

/** An operator's way to the services of an app: the app's settings with the signed-in account. */
export interface Access {
  readonly config: Config;
  readonly secrets: AppSecrets;
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
  return {
    config,
    secrets: createAppSecrets(config, { credential, timeoutMs, now: Date.now }),
    credential,
    sentinel: { endpoint: config.sentinelEndpoint, credential, timeoutMs },
    userAgent: `sentinel-incident-enricher/${config.version}`,
    timeoutMs,
  };
}
