import { readFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { join } from "node:path";
import { type Clock, installDate, realClock } from "../clock";
import { openTaskHub, type TaskHub, type TaskHubOptions } from "../durable/task-hub";
import { listen } from "../listen";
import type { LogSink } from "./core-api";
import { type LoadedApp, loadApp } from "./core-module";
import { createFront, type HostKeys } from "./http-front";
import type { Route } from "./route";
import { startTimerTriggers } from "./timer-triggers";

/** The part of host.json that is read here. */
interface HostJson {
  readonly extensions?: {
    readonly http?: { readonly routePrefix?: string };
    readonly durableTask?: {
      readonly hubName?: string;
      readonly maxConcurrentActivityFunctions?: number;
      readonly defaultVersion?: string;
    };
  };
}

export interface LocalHostOptions {
  /** Compiled file that package.json names as `main`. */
  readonly appEntry: string;
  readonly hostJson: HostJson;
  /** Also replaces the process's `Date`; absent: ordinary time. */
  readonly clock?: Clock;
  /** Folder of the task hub's journal; absent: nothing is kept. */
  readonly dataFolder?: string;
  /** 0 or absent: any free port of 127.0.0.1. */
  readonly port?: number;
  /** Environment variables of the app, from its load until `stop`; they override those of the process. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Keys that callers need, as on Azure; absent: none, as in Core Tools. */
  readonly keys?: HostKeys;
  /** Called when the journal cannot be written; see `TaskHubOptions`. Absent: the process ends by an unhandled error. */
  readonly onJournalFailure?: TaskHubOptions["onJournalFailure"];
  /** Of the durable runtime, for tests; absent: none. */
  readonly faults?: TaskHubOptions["faults"];
  readonly log: LogSink;
}

export interface LocalHost {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  readonly app: LoadedApp;
  readonly routes: readonly Route[];
  readonly hub: TaskHub;
  stop(): Promise<void>;
  /**
   * As if the process died: from now on nothing is answered, started or remembered. `inspect` runs at that instant
   * and finds the journal as a killed process leaves it. Resolves when everything under way has ended.
   */
  abandon(inspect: () => void): Promise<void>;
}

/** The app in a folder with package.json and host.json. */
export function appIn(folder: string): Pick<LocalHostOptions, "appEntry" | "hostJson"> {
  const read = (file: string) => JSON.parse(readFileSync(join(folder, file), "utf8"));
  const { main = "index.js" } = read("package.json") as { main?: string };
  return { appEntry: join(folder, main), hostJson: read("host.json") as HostJson };
}

/**
 * Runs a compiled function app: HTTP triggers, Durable Functions and their management API. Throws what the app throws
 * while it loads, and when the port is taken.
 */
export async function startLocalHost(options: LocalHostOptions): Promise<LocalHost> {
  const { clock = realClock() } = options;
  let listener: RequestListener = (_request, response) => response.writeHead(503).end();
  const server = createServer((request, response) => {
    response.once("close", clock.hold());
    listener(request, response);
  });
  const authority = await listen(server, options.port ?? 0);
  const restoreProcess = prepareProcess(options, authority);
  const disconnect = () => {
    server.close();
    server.closeAllConnections();
  };
  const close = () => {
    disconnect();
    restoreProcess();
  };
  try {
    const { app, hub, front, timers } = await openApp(options, clock, authority);
    listener = front.listener;
    return {
      origin: `http://${authority}`,
      app,
      routes: front.routes,
      hub,
      async stop() {
        await timers.stop();
        // The activities that end meanwhile may still call the management API.
        await hub.stop();
        await app.runHooks("appTerminate");
        close();
      },
      async abandon(inspect) {
        disconnect();
        inspect();
        await timers.stop();
        await hub.stop();
        // Only now: activities under way keep the app's clock until they end.
        restoreProcess();
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}

async function openApp(
  { appEntry, hostJson, log, dataFolder, keys, faults, onJournalFailure }: LocalHostOptions,
  clock: Clock,
  authority: string,
) {
  const { http, durableTask } = hostJson.extensions ?? {};
  const maxConcurrentActivities = durableTask?.maxConcurrentActivityFunctions;
  const orchestrationVersion = durableTask?.defaultVersion;
  const app = loadApp(appEntry, log);
  await app.runHooks("appStart");
  const hub = await openTaskHub({
    app,
    clock,
    name: durableTask?.hubName ?? "TestHubName",
    authority: () => authority,
    ...(dataFolder !== undefined && { dataFolder }),
    ...(keys && { key: keys.system }),
    ...(faults && { faults }),
    ...(onJournalFailure && { onJournalFailure }),
    ...(maxConcurrentActivities !== undefined && { maxConcurrentActivities }),
    ...(orchestrationVersion !== undefined && { orchestrationVersion }),
  });
  const routePrefix = http?.routePrefix ?? "api";
  return {
    app,
    hub,
    front: createFront({ app, hub, log, routePrefix, ...(keys && { keys }) }),
    timers: startTimerTriggers({ app, hub, clock, log }),
  };
}

/** Sets environment and `Date` for the app, and returns what restores them. */
function prepareProcess({ settings, clock }: LocalHostOptions, authority: string): () => void {
  const restoreEnvironment = setEnvironment({
    AZURE_FUNCTIONS_ENVIRONMENT: process.env.AZURE_FUNCTIONS_ENVIRONMENT ?? "Development",
    ...settings,
    // Without it the durable SDK rewrites all links to port 7071.
    WEBSITE_HOSTNAME: authority,
  });
  const restoreDate = clock ? installDate(clock) : () => {};
  return () => {
    restoreDate();
    restoreEnvironment();
  };
}

/** Sets variables of the process and returns what restores them. */
function setEnvironment(values: Readonly<Record<string, string>>): () => void {
  const before = Object.keys(values).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, values);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}
