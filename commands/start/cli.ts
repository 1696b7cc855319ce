import { join } from "node:path";
import { realClock } from "../../local/clock";
import { printLog } from "../../local/host/console-log";
import { appIn, startLocalHost } from "../../local/host/local-host";
import { packageRoot } from "../../local/host/package-root";
import { sampleIncident } from "../../local/simulators/sample-incident";
import { startServices } from "../../local/simulators/services";
import { endWith } from "../command-line";
import { startPage } from "./page";
import { triageOfSample } from "./samples";

const folder = join(packageRoot, "local/.data/start");
const port = 7071;
const pagePort = 7070;

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});

/** Simulators and app, until they are ended. What the environment sets already wins over the simulators. */
async function main(): Promise<void> {
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
  const stop = async () => {
    await page.close();
    await host.stop();
    await services.stop();
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
}
