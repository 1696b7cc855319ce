import type { Clock } from "../clock";
import { type IntezerSimulator, type IntezerSimulatorOptions, startIntezerSimulator } from "./intezer";
import {
  type LogAnalyticsSimulator,
  type LogAnalyticsSimulatorOptions,
  startLogAnalyticsSimulator,
} from "./log-analytics";
import {
  type LogIngestionSimulator,
  type LogIngestionSimulatorOptions,
  startLogIngestionSimulator,
} from "./log-ingestion";
import { resultsHandlers } from "./log-results";
import { type SentinelSimulator, type SentinelSimulatorOptions, startSentinelSimulator } from "./sentinel";
import {
  startTableStorageSimulator,
  type TableStorageSimulator,
  type TableStorageSimulatorOptions,
} from "./table-storage";
import {
  startVirusTotalSimulator,
  type VirusTotalSimulator,
  type VirusTotalSimulatorOptions,
} from "./virustotal";

export interface ServicesOptions {
  readonly clock: Clock;
  readonly virustotal?: Partial<VirusTotalSimulatorOptions>;
  readonly intezer?: Partial<IntezerSimulatorOptions>;
  readonly sentinel?: Partial<SentinelSimulatorOptions>;
  readonly logAnalytics?: Partial<LogAnalyticsSimulatorOptions>;
  readonly logIngestion?: Partial<LogIngestionSimulatorOptions>;
  readonly tables?: Partial<TableStorageSimulatorOptions>;
}

/** All services that the app talks to, on one machine. */
export interface Services {
  readonly virustotal: VirusTotalSimulator;
  readonly intezer: IntezerSimulator;
  readonly sentinel: SentinelSimulator;
  readonly logAnalytics: LogAnalyticsSimulator;
  readonly logIngestion: LogIngestionSimulator;
  readonly tables: TableStorageSimulator;
  /** Settings of an app that talks to them. */
  readonly settings: Readonly<Record<string, string>>;
  /** From now on Intezer delivers its triages to the webhook of the app at this origin. */
  deliverTriagesTo(appOrigin: string): void;
  stop(): Promise<void>;
}

/** Keys that the app and the simulators share; none of them is a real secret. */
export const localKeys = {
  virustotal: "virustotal-key-of-the-simulator",
  intezer: "intezer-key-of-the-simulator",
  webhook: "webhook-authorization-of-the-simulator",
} as const;

/** Starts the simulators of all services on loopback. */
export async function startServices({ clock, ...options }: ServicesOptions): Promise<Services> {
  const [virustotal, intezer, sentinel, tables] = await Promise.all([
    startVirusTotalSimulator({ clock, apiKey: localKeys.virustotal, ...options.virustotal }),
    startIntezerSimulator({ clock, apiKey: localKeys.intezer, ...options.intezer }),
    startSentinelSimulator({ clock, ...options.sentinel }),
    startTableStorageSimulator({ clock, ...options.tables }),
  ]);
  const logAnalytics = await startLogAnalyticsSimulator({
    clock,
    workspaces: [sentinel.workspace],
    ...options.logAnalytics,
  });
  const logIngestion = await startLogIngestionSimulator({
    clock,
    workspaces: [sentinel.workspace],
    ...options.logIngestion,
  });
  logAnalytics.answer(resultsHandlers(logIngestion.rows));
  return {
    virustotal,
    intezer,
    sentinel,
    logAnalytics,
    logIngestion,
    tables,
    settings: {
      // For lookup cache and quota; the task hub is the local host's own.
      AzureWebJobsStorage: tables.connectionString,
      SENTINEL_WORKSPACES: sentinel.workspace,
      SENTINEL_ENDPOINT: sentinel.origin,
      LOG_ANALYTICS_ENDPOINT: logAnalytics.endpoint,
      RESULTS_RULES: Object.entries(logIngestion.rules)
        .map(([workspace, url]) => `${workspace}=${url}`)
        .join(","),
      VIRUSTOTAL_ENDPOINT: virustotal.endpoint,
      VIRUSTOTAL_API_KEY: localKeys.virustotal,
      INTEZER_ENDPOINT: intezer.endpoint,
      INTEZER_API_KEY: localKeys.intezer,
      INTEZER_WEBHOOK_AUTHORIZATION: localKeys.webhook,
    },
    deliverTriagesTo(appOrigin) {
      intezer.setWebhook({ url: `${appOrigin}/api/webhooks/intezer`, authorization: localKeys.webhook });
    },
    async stop() {
      const all = [virustotal, intezer, sentinel, logAnalytics, logIngestion, tables];
      await Promise.all(all.map((service) => service.close()));
    },
  };
}
