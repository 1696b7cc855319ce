import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { TableStorage } from "../local/host/azurite";
import { printLog } from "../local/host/console-log";
import { appIn, type LocalHost, startLocalHost } from "../local/host/local-host";
import { localSettings, ownTableStorage } from "../local/host/local-settings";
import { packageRoot } from "../local/host/package-root";
import { endWith, portFrom, runCommandLine, stopOnSignal } from "./command-line";

const usage = `Usage: npm run host -- [options]

Runs the app alone, as func start would.

  --port PORT  port on 127.0.0.1, or 0 for any free port (default 7071)
  --data DIR   folder of the task hub's journal and of the tables
               (default local/.data)
  --app DIR    folder of a function app with package.json and host.json
               (default: this one)
  -h, --help   print this

Settings are environment variables, or Values in the app's local.settings.json.
Ctrl+C ends it.`;

interface Arguments {
  readonly port: number;
  readonly dataFolder: string;
  readonly appFolder: string;
}

runCommandLine({ usage, read: commandFrom });

async function serve(given: Arguments): Promise<undefined> {
  const settings = localSettings(given.appFolder);
  const storage = await ownTableStorage(given.dataFolder, settings);
  const started = startLocalHost({
    ...appIn(given.appFolder),
    port: given.port,
    dataFolder: join(given.dataFolder, "task-hub"),
    settings: { ...settings, ...(storage && { AzureWebJobsStorage: storage.connectionString }) },
    log: printLog,
    onJournalFailure: endWith,
  });
  const [host] = await Promise.all([started, storage?.ready]);
  stopOnSignal(() => stop(host, storage));
  printFunctions(host);
}

/** Throws an error that says what is wrong. */
function commandFrom(args: readonly string[]): () => Promise<undefined> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: "string", default: "7071" },
      data: { type: "string", default: join(packageRoot, "local/.data") },
      app: { type: "string", default: packageRoot },
    },
  });
  const { port, app, data } = values;
  if (!existsSync(join(app, "host.json"))) throw new Error(`There is no host.json in ${app}.`);
  const given = { port: portFrom("--port", port), dataFolder: resolve(data), appFolder: resolve(app) };
  return () => serve(given);
}

/** As Core Tools does, one line per function. */
function printFunctions({ origin, app, routes }: LocalHost): void {
  const lines = app.all().map((fn) => {
    const route = routes.find((candidate) => candidate.fn === fn);
    return `  ${fn.name}: ${route ? `[${route.methods.join(",")}] ${origin}${route.template}` : fn.trigger.type}`;
  });
  console.log(["", "Functions:", "", ...lines, "", `Listening on ${origin}; Ctrl+C ends it.`].join("\n"));
}

async function stop(host: LocalHost, storage: TableStorage | undefined): Promise<void> {
  await host.stop();
  await storage?.stop();
}
