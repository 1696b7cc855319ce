import type { TokenCredential } from "@azure/core-auth";
import { createAzureCredential } from "../../clients/azure-credential";
import { createLogQuery } from "../../clients/log-analytics/log-reader";
import type { RunLogQuery } from "../../clients/log-query";
import {
  type AppSecrets,
  type CreatedProvider,
  createAppSecrets,
  createProviders,
} from "../../clients/providers";
import { incidentFrom } from "../../clients/sentinel/arm-id";
import { createWatchlist } from "../../clients/sentinel/watchlist";
import { createQuotaLedger } from "../../clients/tables/quota-ledger";
import { createTableStorage } from "../../clients/tables/table";
import type { Config } from "../../config";
import type { Watchlist } from "../../domain/indicators/watchlist";

const timeoutMs = 20_000;

/** How an operator's machine reaches the services of an app: its settings, with the signed-in account. */
export interface Access {
  readonly config: Config;
  readonly secrets: AppSecrets;
  readonly providers: readonly CreatedProvider[];
  /** Present where analysts keep more allowed indicators. */
  readonly watchlist: Watchlist | undefined;
  /** Queries of a served workspace. */
  readonly runLogQuery: RunLogQuery;
  /** Of the signed-in account, whose rights say nothing about those of the app's identity. */
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

/** Sends nothing yet. Throws if the vault's URL is not safe to use. */
export function accessWith(config: Config): Access {
  const credential = createAzureCredential();
  const secrets = createAppSecrets(config, { credential, timeoutMs, now: Date.now });
  const userAgent = `sentinel-incident-enricher/${config.version}`;
  const tables = createTableStorage({ connection: config.storage, credential, timeoutMs });
  const ledger = createQuotaLedger({ table: tables.open("EnricherQuota"), now: Date.now });
  const runLogQuery = createLogQuery({ endpoint: config.logAnalyticsEndpoint, credential, timeoutMs });
  const { allowedWatchlist } = config;
  return {
    config,
    runLogQuery,
    watchlist: allowedWatchlist && createWatchlist({ ...allowedWatchlist, runLogQuery, now: Date.now }),
    secrets,
    providers: createProviders(config.providers, {
      secrets,
      credential,
      runLogQuery,
      workspaces: config.workspaces,
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
