import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { TableServiceClient } from "@azure/data-tables";
import { afterAll, beforeAll, beforeEach, describe, vi } from "vitest";
import { postIncident, type RunView, runOf } from "../../commands/run-client";
import type { RunOutput } from "../../domain/run/run";
import { type Clock, realClock, skippingClock } from "../../local/clock";
import type { RuntimeFaults } from "../../local/durable/faults";
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
  /** Raises an incident, posts it (with headers of an automation rule) and waits for the end of its run. */
  enrich(seed: IncidentSeed, headers?: Readonly<Record<string, string>>): Promise<Enriched>;
  /** Waits for the end of the incident's run, and shows the incident as an analyst sees it. */
  ended(armId: string): Promise<Enriched>;
  /** The orchestrations whose ids hold this text, with inputs, results and histories. */
  instances(idPart?: string): Promise<readonly Instance[]>;
  /** Everything is looked up again, and no quota is spent: as on the first day. */
  forget(): Promise<void>;
  /** Waits until no orchestration is left that runs or waits to run. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** An orchestration as the management API shows it. */
interface Instance {
  readonly instanceId: string;
  readonly output: unknown;
  readonly historyEvents: readonly object[];
}

interface Enriched extends IncidentView {
  readonly armId: string;
  readonly run: RunView;
  readonly output: RunOutput;
  /** HTML of the first comment, "" when there is none. */
  readonly comment: string;
}

/** Origin of an app that runs elsewhere (docs/commands.md, On any host). */
const elsewhere = process.env.E2E_APP_URL;
/** Settings of that app: what a story needs is compared with them. */
const hostFile = process.env.E2E_SETTINGS ?? join(packageRoot, "test/e2e/host.env");
const hostSettings = parseEnv(readFileSync(hostFile, "utf8"));
const isAboutServices = (name: string) =>
  /^(SENTINEL|LOG_ANALYTICS|VIRUSTOTAL|INTEZER)_(ENDPOINT|WORKSPACES|API_KEY|WEBHOOK_AUTHORIZATION)$|^AzureWebJobsStorage|^FUNCTIONS_/.test(
    name,
  );
/** How the app behaves, wherever its services are. */
const behaviourOf = (settings: Readonly<Record<string, string | undefined>>) =>
  Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) =>
      isAboutServices(name) || value === undefined ? [] : [[name, value] as const],
    ),
  );
/** Where the app elsewhere expects a service; else any free port. */
const portOf = (name: string) => ({ port: elsewhere ? Number(new URL(hostSettings[name] ?? "").port) : 0 });
/** An app elsewhere runs in ordinary time. */
const pollMs = elsewhere ? 100 : 5;

interface EnricherOptions extends Omit<ServicesOptions, "clock"> {
  /** Compiled file that registers the app; default the one that is deployed. */
  readonly appEntry?: string;
  /** Of the durable runtime. */
  readonly faults?: RuntimeFaults;
}

export async function startEnricher(
  settings: Readonly<Record<string, string>> = {},
  { appEntry, faults, ...options }: EnricherOptions = {},
): Promise<Enricher> {
  // Half an hour before midnight a run that waits for quota would get that of the next day.
  const clock = elsewhere ? realClock() : skippingClock(new Date().setUTCHours(12, 0, 0, 0));
  const services = await startServices({
    clock,
    virustotal: { ...options.virustotal, ...portOf("VIRUSTOTAL_ENDPOINT") },
    intezer: { ...options.intezer, ...portOf("INTEZER_ENDPOINT") },
    sentinel: { ...options.sentinel, ...portOf("SENTINEL_ENDPOINT") },
    logAnalytics: { ...options.logAnalytics, ...portOf("LOG_ANALYTICS_ENDPOINT") },
  });
  const log: string[] = [];
  const host = elsewhere
    ? { origin: elsewhere, stop: () => endAllRuns(elsewhere) }
    : await startLocalHost({
        ...appIn(packageRoot),
        ...(appEntry === undefined ? {} : { appEntry }),
        ...(faults && { faults }),
        clock,
        // Its timer fires whenever a story passes a quarter of an hour: stories about it switch it on.
        settings: { ...services.settings, RECONCILE: "off", ...settings },
        log: (_level, _function, _invocation, text) => void log.push(text),
      });
  const { sentinel } = services;
  services.deliverTriagesTo(host.origin);

  const ended = async (armId: string): Promise<Enriched> => {
    const run = await runOf(host.origin, `sentinel-${armId.split("/").at(-1)?.toLowerCase()}`, pollMs);
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
    async enrich(seed, headers) {
      const armId = sentinel.addIncident(seed);
      await postIncident(host.origin, sentinel.triggerBody(armId), headers);
      return ended(armId);
    },
    instances: (idPart = "") => instancesAt(host.origin, idPart),
    forget: () =>
      deleteTables((elsewhere && hostSettings.AzureWebJobsStorage) || services.tables.connectionString),
    settled: () => untilNothingRuns(host.origin),
    async stop() {
      await host.stop();
      await services.stop();
    },
  };
}

const instancesPath = "/runtime/webhooks/durabletask/instances";

async function instancesAt(origin: string, idPart: string): Promise<readonly Instance[]> {
  const all = (await (await fetch(`${origin}${instancesPath}`)).json()) as Instance[];
  const shown = all
    .filter(({ instanceId }) => instanceId.includes(idPart))
    .map(({ instanceId }) =>
      fetch(`${origin}${instancesPath}/${instanceId}?showHistory=true&showHistoryOutput=true`),
    );
  return Promise.all(shown.map(async (response) => (await (await response).json()) as Instance));
}

async function openRuns(origin: string): Promise<readonly { readonly instanceId: string }[]> {
  const response = await fetch(`${origin}${instancesPath}?runtimeStatus=Running,Pending`);
  return (await response.json()) as { instanceId: string }[];
}

async function untilNothingRuns(origin: string): Promise<void> {
  await vi.waitUntil(async () => (await openRuns(origin)).length === 0, {
    interval: pollMs,
    timeout: 120_000,
  });
}

/** The next story has simulators of its own at the same ports: nothing of this one may still ask them. */
async function endAllRuns(origin: string): Promise<void> {
  for (const { instanceId } of await openRuns(origin))
    await fetch(`${origin}${instancesPath}/${instanceId}/terminate?reason=story`, { method: "POST" });
  await untilNothingRuns(origin);
}

async function deleteTables(connectionString: string): Promise<void> {
  const options = { allowInsecureConnection: true };
  const storage = TableServiceClient.fromConnectionString(connectionString, options);
  await Promise.all(
    ["EnricherLookUps", "EnricherQuota", "EnricherMarks"].map((name) => storage.deleteTable(name)),
  );
}

interface Story {
  readonly title: string;
  /**
   * Settings of the app besides those that say where its services are; those not named have their defaults. Absent:
   * those of host.env, with which the story can be run against an app elsewhere.
   */
  readonly settings?: Readonly<Record<string, string>>;
  readonly options?: EnricherOptions;
  /** Why no app elsewhere will do: minutes pass in the story, or it looks into the app's own process. */
  readonly onlyHere?: string;
}

/** Stories that share one running app. Those that an app elsewhere cannot be asked for are skipped, and say why. */
export function describeStories(story: Story, stories: (enricher: () => Enricher) => void): void {
  const isForAnyHost = story.settings === undefined && story.onlyHere === undefined;
  const settings = story.settings ?? (isForAnyHost ? behaviourOf(hostSettings) : {});
  // With waits of seconds go analyses that take one.
  const intezer = { ...(isForAnyHost && { analysisSeconds: 1 }), ...story.options?.intezer };
  const reason = elsewhere && reasonToSkip(story, settings);
  const title = reason ? `${story.title} (skipped: ${reason})` : story.title;
  describe.skipIf(reason)(title, () => {
    let enricher: Enricher | undefined;
    beforeAll(async () => {
      enricher = await startEnricher(settings, { ...story.options, intezer });
    });
    beforeEach(async () => {
      await enricher?.forget();
    });
    afterAll(async () => {
      await enricher?.stop();
    });
    stories(() => {
      if (!enricher) throw new Error("The app is not running.");
      return enricher;
    });
  });
}

function reasonToSkip(
  { options, onlyHere }: Story,
  settings: Readonly<Record<string, string>>,
): string | undefined {
  if (options?.appEntry !== undefined) return "it has an app of its own";
  if (options?.faults !== undefined) return "it needs a runtime that fails";
  if (onlyHere !== undefined) return onlyHere;
  const given = behaviourOf(hostSettings);
  const names = [...new Set([...Object.keys(settings), ...Object.keys(given)])];
  const other = names.find((name) => settings[name] !== given[name]);
  if (other === undefined) return undefined;
  const value = settings[other];
  return value === undefined ? `the app must not have ${other}` : `the app has to run with ${other}=${value}`;
}
