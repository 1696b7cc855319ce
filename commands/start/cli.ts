import { join } from "node:path";
import { parseArgs } from "node:util";
import { realClock } from "../../local/clock";
import { printLog } from "../../local/host/console-log";
import { appIn, startLocalHost } from "../../local/host/local-host";
import { packageRoot } from "../../local/host/package-root";
import { sampleIncident } from "../../local/simulators/sample-incident";
import { startServices } from "../../local/simulators/services";
import { endBySignal, endWith, portFrom, runCommandLine } from "../command-line";
import { startPage } from "./page";
import { triageOfSample } from "./samples";

const folder = join(packageRoot, "local/.data/start");
const usage = `Usage: npm start -- [options]

Runs the app with simulators of all services, and a page that shows what it writes, until it is ended.

  --port PORT        port of the app on 127.0.0.1, 0 for any free one (default 7071)
  --page-port PORT   port of the page (default 7070)
  -h, --help         print this

What the environment sets already wins over the simulators.`;

interface Arguments {
  readonly port: number;
  readonly pagePort: number;
}

runCommandLine({ usage, read: commandFrom });

/** Throws an error that says what is wrong. */
function commandFrom(args: readonly string[]): () => Promise<undefined> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: "string", default: "7071" },
      "page-port": { type: "string", default: "7070" },
    },
  });
  const given = {
    port: portFrom(values.port, "--port"),
    pagePort: portFrom(values["page-port"], "--page-port"),
  };
  return () => start(given);
}

async function start({ port, pagePort }: Arguments): Promise<undefined> {
  const clock = realClock();
  const services = await startServices({ clock, intezer: { triageOf: triageOfSample } });
  const { INTEZER_ALERTS = "submit" } = process.env;
  const settings = Object.entries({ ...services.settings, INTEZER_ALERTS });
  const host = await startLocalHost({
    ...appIn(packageRoot),
    port,
    // The simulator keeps no incident: what ran for those of an earlier start could only fail.
    ...(process.env.SENTINEL_ENDPOINT !== undefined && { dataFolder: folder }),
    onJournalFailure: endWith,
    settings: Object.fromEntries(settings.filter(([name]) => process.env[name] === undefined)),
    log: printLog,
  });
  services.deliverTriagesTo(host.origin);

  const page = await startPage({ clock, services, appOrigin: host.origin, port: pagePort });

  endBySignal(async () => {
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

An incident is waiting to be enriched. Send it from the page, or as the relay playbook would:

  curl -X POST ${host.origin}/api/incidents -H 'Content-Type: application/json' -d '{"object":{"id":"${armId}"}}'

Its run, and its comments:

  curl '${instance}'
  curl '${services.sentinel.origin}${armId}/comments?api-version=2025-09-01'

Ctrl+C ends it.`);
}
