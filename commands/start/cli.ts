import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { realClock } from "../../local/clock";
import { printLog } from "../../local/host/console-log";
import { appIn, startLocalHost } from "../../local/host/local-host";
import { packageRoot } from "../../local/host/package-root";
import { sampleIncident } from "../../local/simulators/sample-incident";
import { startServices } from "../../local/simulators/services";
import { endWith, portFrom, runCommandLine, stopOnSignal } from "../command-line";
import { startPage } from "./page";
import { triageOfSample } from "./samples";

const usage = `Usage: npm start [-- options]

Runs the app with simulators in place of the services, and serves a page that
shows incidents with their comments, tags and runs. Settings in the environment
take precedence over the simulators.

  --port PORT       port of the app on 127.0.0.1, or 0 for any free port
                    (default 7071)
  --page-port PORT  port of the page (default 7070)
  -h, --help        print this

Ctrl+C ends everything.`;

interface Ports {
  readonly app: number;
  readonly page: number;
}

runCommandLine({ usage, read: commandFrom });

function commandFrom(args: readonly string[]): () => Promise<undefined> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: "string", default: "7071" },
      "page-port": { type: "string", default: "7070" },
    },
  });
  const ports = {
    app: portFrom("--port", values.port),
    page: portFrom("--page-port", values["page-port"]),
  };
  return () => start(ports);
}

async function start(ports: Ports): Promise<undefined> {
  await requireFree(ports.app, "--port");
  await requireFree(ports.page, "--page-port");
  const folder = join(packageRoot, "local/.data/start", String(ports.app));
  const clock = realClock();
  const services = await startServices({ clock, intezer: { triageOf: triageOfSample } });
  const settings = Object.entries({
    ...services.settings,
    INTEZER_ALERTS: "submit",
    // Its rules are those of the simulated workspace.
    RESULTS_TABLE: process.env.SENTINEL_WORKSPACES === undefined ? "on" : "off",
  });
  const host = await startLocalHost({
    ...appIn(packageRoot),
    port: ports.app,
    // The simulator keeps no incident: what ran for those of an earlier start could only fail.
    ...(process.env.SENTINEL_ENDPOINT !== undefined && { dataFolder: folder }),
    onJournalFailure: endWith,
    settings: Object.fromEntries(settings.filter(([name]) => process.env[name] === undefined)),
    log: printLog,
  });
  services.deliverTriagesTo(host.origin);

  const page = await startPage({ clock, services, appOrigin: host.origin, port: ports.page });
  stopOnSignal(async () => {
    await page.close();
    await host.stop();
    await services.stop();
  });

  const armId = services.sentinel.addIncident(sampleIncident);
  const instance = `${host.origin}/runtime/webhooks/durabletask/instances/sentinel-${armId.split("/").at(-1)}`;
  console.log(`
Page to look at       ${page.origin}

App                   ${host.origin}/api
Microsoft Sentinel    ${services.sentinel.origin}
VirusTotal            ${services.virustotal.endpoint}
Intezer               ${services.intezer.endpoint}
Log Analytics         ${services.logAnalytics.endpoint}

An incident is waiting to be enriched. Send it to the app from the page, or as
the relay playbook would:

  curl -X POST ${host.origin}/api/incidents -H 'Content-Type: application/json' -d '{"object":{"id":"${armId}"}}'

Its run, and its comments:

  curl '${instance}'
  curl '${services.sentinel.origin}${armId}/comments?api-version=2025-09-01'

Ctrl+C ends it.`);
  return undefined;
}

/** Throws, before anything is started or deleted, when another program has the port. */
async function requireFree(port: number, option: string): Promise<void> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    throw new Error(
      `Port ${port} is in use by another program, perhaps by another npm start. End that one, or choose another port with ${option}.`,
    );
  }
  await new Promise((closed) => server.close(closed));
}
