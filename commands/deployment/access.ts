import type { TokenCredential } from "@azure/core-auth";
import { type AppSecrets, createAppSecrets } from "../../clients/app-secrets";
import { createAzureCredential } from "../../clients/azure-credential";
import { type CreatedProvider, createProviders } from "../../clients/create-providers";
import { incidentFrom } from "../../clients/sentinel/arm-id";
import { createQuotaLedger } from "../../clients/tables/quota-ledger";
import { createTableStorage } from "../../clients/tables/table";
import type { Config } from "../../config";

const timeoutMs = 20_000;

/** An operator's way to the services of an app: the app's settings with the signed-in account. */
export interface Access {
  readonly config: Config;
  readonly secrets: AppSecrets;
  readonly providers: readonly CreatedProvider[];
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
  const secrets = createAppSecrets(config, { credential, timeoutMs, now: Date.now });
  const userAgent = `sentinel-incident-enricher/${config.version}`;
  const tables = createTableStorage({ connection: config.storage, credential, timeoutMs });
  const ledger = createQuotaLedger({ table: tables.open("EnricherQuota"), now: Date.now });
  return {
    config,
    secrets,
    providers: createProviders(config.providers, {
      secrets,
      credential,
      ledger,
      incidentFrom,
      userAgent,
      now: Date.now,
    }),
    credential,
    sentinel: { endpoint: config.sentinelEndpoint, credential, timeoutMs },
    userAgent,
    timeoutMs,
  };
}
