import { TableServiceClient } from "@azure/data-tables";
import { afterAll, beforeAll, beforeEach, describe, vi } from "vitest";
import { postIncident, type RunView, runOf } from "../../commands/run-client";
import type { RunOutput } from "../../domain/run/run";
import { type Clock, realClock, skippingClock } from "../../local/clock";
import { appIn, startLocalHost } from "../../local/host/local-host";
import { packageRoot } from "../../local/host/package-root";
import type { IncidentView } from "../../local/simulators/sentinel";
import type { IncidentSeed } from "../../local/simulators/sentinel-incidents";
import { type Services, type ServicesOptions, startServices } from "../../local/simulators/services";

/** The app under test with its outside world. */
export interface Enricher {
  /** `http://127.0.0.1:<port>` of the app. */
  readonly origin: string;
  readonly services: Services;
  readonly clock: Clock;
  /** Everything the app has logged. */
  readonly log: readonly string[];
  /** Raises an incident, posts it and waits for the end of its run. */
  enrich(seed: IncidentSeed): Promise<Enriched>;
  /** Waits for the end of the incident's run, and shows the incident as an analyst sees it. */
  ended(armId: string): Promise<Enriched>;
  /** Everything is looked up anew, and no quota is spent: as on the first day. */
  forget(): Promise<void>;
  /** Waits until no orchestration is left that runs or waits to run. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

interface Enriched extends IncidentView {
  readonly armId: string;
  readonly run: RunView;
  readonly output: RunOutput;
  /** HTML of the first comment, "" when there is none. */
  readonly comment: string;
}

/** Ports of a world that an app elsewhere has been pointed at; see the README. */
const external = process.env.E2E_APP_URL;
/** Azurite at its own ports, unless said otherwise. */
const { E2E_STORAGE: externalStorage = "UseDevelopmentStorage=true" } = process.env;
const portFrom = (name: string) => ({ port: Number(process.env[name] ?? 0) });

interface EnricherOptions extends Omit<ServicesOptions, "clock"> {
  /** Compiled file that registers the app; default the one that is deployed. */
  readonly appEntry?: string;
}

export async function startEnricher(
  settings: Readonly<Record<string, string>> = {},
  { appEntry, ...options }: EnricherOptions = {},
): Promise<Enricher> {
  const clock = external ? realClock() : skippingClock();
  const services = await startServices({
    clock,
    virustotal: { ...options.virustotal, ...portFrom("E2E_VIRUSTOTAL_PORT") },
    intezer: { ...options.intezer, ...portFrom("E2E_INTEZER_PORT") },
    sentinel: { ...options.sentinel, ...portFrom("E2E_SENTINEL_PORT") },
    logAnalytics: { ...options.logAnalytics, ...portFrom("E2E_LOG_ANALYTICS_PORT") },
  });
  const log: string[] = [];
  const host = external
    ? { origin: external, stop: async () => {} }
    : await startLocalHost({
        ...appIn(packageRoot),
        ...(appEntry === undefined ? {} : { appEntry }),
        clock,
        settings: { ...services.settings, ...settings },
        log: (_level, _function, _invocation, text) => void log.push(text),
      });
  const { sentinel } = services;
  services.deliverTriagesTo(host.origin);

  const ended = async (armId: string): Promise<Enriched> => {
    const run = await runOf(host.origin, `sentinel-${armId.split("/").at(-1)?.toLowerCase()}`, 5);
    const incident = sentinel.incident(armId);
    return {
      ...incident,
      armId,
      run,
      output: run.output as RunOutput,
      comment: incident.comments[0]?.html ?? "",
    };
  };
  return {
    origin: host.origin,
    services,
    clock,
    log,
    ended,
    async enrich(seed) {
      const armId = sentinel.addIncident(seed);
      await postIncident(host.origin, sentinel.triggerBody(armId));
      return ended(armId);
    },
    forget: () => deleteTables(external ? externalStorage : services.tables.connectionString),
    async settled() {
      const open = `${host.origin}/runtime/webhooks/durabletask/instances?runtimeStatus=Running,Pending`;
      await vi.waitUntil(async () => ((await (await fetch(open)).json()) as unknown[]).length === 0, {
        interval: 5,
        timeout: 15_000,
      });
    },
    async stop() {
      await host.stop();
      await services.stop();
    },
  };
}

async function deleteTables(connectionString: string): Promise<void> {
  const options = { allowInsecureConnection: true };
  const storage = TableServiceClient.fromConnectionString(connectionString, options);
  await Promise.all(["EnricherLookUps", "EnricherQuota"].map((name) => storage.deleteTable(name)));
}

interface Story {
  readonly title: string;
  /** Settings that the story needs; an app elsewhere has to run with the same ones in this process's environment. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly options?: EnricherOptions;
  /** Hours pass in it, or it looks into the app's own process. */
  readonly needsSkippingClock?: boolean;
}

/** Stories that share one running app. Against an app elsewhere those that it cannot tell are skipped, and say why. */
export function describeStories(story: Story, tell: (enricher: () => Enricher) => void): void {
  const reason = reasonToSkip(story);
  const title = reason ? `${story.title} (skipped: ${reason})` : story.title;
  describe.skipIf(reason !== undefined)(title, () => {
    let enricher: Enricher | undefined;
    beforeAll(async () => {
      enricher = await startEnricher(story.settings, story.options);
    });
    beforeEach(async () => {
      await enricher?.forget();
    });
    afterAll(async () => {
      await enricher?.stop();
    });
    tell(() => {
      if (!enricher) throw new Error("The app is not running.");
      return enricher;
    });
  });
}

function reasonToSkip({ settings = {}, options, needsSkippingClock = false }: Story): string | undefined {
  if (!external) return undefined;
  if (options?.appEntry !== undefined) return "needs an app of its own";
  if (needsSkippingClock) return "needs a clock that skips";
  const other = Object.entries(settings).find(([name, value]) => process.env[name] !== value);
  return other && `the app has to run with ${other[0]}=${other[1]}`;
}
