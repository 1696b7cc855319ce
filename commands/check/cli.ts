import { parseArgs } from "node:util";
import type { Playbook } from "../../clients/sentinel/playbook";
import { type IncidentRef, incidentRefFrom } from "../../domain/incident";
import { realClock } from "../../local/clock";
import { startDeployment } from "../../local/simulators/deployment";
import { sampleIncident } from "../../local/simulators/sample-incident";
import { messageOf, runCommandLine } from "../command-line";
import {
  type Deployment,
  deploymentFrom,
  deploymentOptions,
  relayFrom,
  type Values,
  valuesOf,
} from "../deployment/deployment";
import { startProgress } from "../progress";
import { checkDeployment } from "./check";
import { followIncident } from "./hops";
import { printLine } from "./line";

const usage = `Usage: npm run check -- [--environment NAME]
       npm run check -- [--environment NAME] --incident ARM_ID [--relay ARM_ID] [--wait SECONDS]
       npm run check -- --simulators

  --environment NAME   azd environment of the deployment; without it, settings and outputs of the deployment
                       (AZURE_FUNCTION_APP_URL, AZURE_KEY_VAULT_NAME, AZURE_RELAY_ID, ...) are environment variables
  --incident ARM_ID    starts the relay on this incident, and tells when comment and tags are there
  --relay ARM_ID       of the relay playbook, where the environment does not name it
  --wait SECONDS       for comment and tags (default 600)
  --simulators         both, on a stand-in of the whole deployment on this machine
  --help               print this

Uses the Azure account that is signed in (az login). Ends with 0 when all is well, 1 when something failed, 2 for wrong
usage.`;

const exitCodes = { well: 0, failed: 1 } as const;

/** Intezer's analyses take their time in a simulator as well, and the relay is what is looked at. */
const withoutAnalyses = { INTEZER_FILES: "false" };

const clock = realClock();

runCommandLine({ usage, read: commandFrom });

/** Throws an error that says what is wrong. */
function commandFrom(args: readonly string[]): () => Promise<number> {
  const { values: given } = parseArgs({
    args: [...args],
    options: {
      ...deploymentOptions,
      incident: { type: "string" },
      wait: { type: "string", default: "600" },
      simulators: { type: "boolean", default: false },
    },
  });
  if (!/^[1-9]\d{0,4}$/.test(given.wait)) throw new Error("--wait wants a number of seconds.");
  const waitSeconds = Number(given.wait);
  if (given.simulators) return () => checkSimulators(waitSeconds);
  const values = valuesOf(given);
  if (given.incident === undefined) return () => check(values);
  const incident = incidentRefFrom(given.incident);
  if (!incident) throw new Error("--incident wants the ARM id of an incident: /subscriptions/…/incidents/…");
  const relay = relayFrom(values);
  return () => follow(values, { incident, relay, waitSeconds });
}

async function check(values: Values): Promise<number> {
  const deployment = deploymentOf(values);
  if (!deployment) return exitCodes.failed;
  const lines = await checkDeployment(deployment);
  lines.forEach(printLine);
  return lines.some(({ state }) => state === "failed") ? exitCodes.failed : exitCodes.well;
}

function deploymentOf(values: Values): Deployment | undefined {
  try {
    return deploymentFrom(values);
  } catch (error) {
    printLine({ name: "settings", state: "failed", text: messageOf(error) });
    return undefined;
  }
}

interface Followed {
  readonly incident: IncidentRef;
  readonly relay: Playbook;
  readonly waitSeconds: number;
}

async function follow(values: Values, followed: Followed): Promise<number> {
  const deployment = deploymentOf(values);
  if (!deployment) return exitCodes.failed;
  const { say } = startProgress(clock);
  const wrong = await followIncident({ clock, deployment, say, ...followed });
  if (wrong === undefined) return exitCodes.well;
  console.error(wrong);
  return exitCodes.failed;
}

async function checkSimulators(waitSeconds: number): Promise<number> {
  const { services, values, stop } = await startDeployment(clock, withoutAnalyses);
  const incident = incidentRefFrom(services.sentinel.addIncident(sampleIncident));
  const checked = await check(values);
  const relay = relayFrom(values);
  const followed = incident ? await follow(values, { incident, relay, waitSeconds }) : exitCodes.failed;
  await stop();
  return Math.max(checked, followed);
}
