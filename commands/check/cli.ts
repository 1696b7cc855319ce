import { parseArgs } from "node:util";
import { type IncidentRef, incidentRefFrom } from "../../domain/incident";
import { realClock } from "../../local/clock";
import { startDeployment } from "../../local/simulators/deployment";
import { sampleIncident } from "../../local/simulators/sample-incident";
import { type Deployment, deploymentFrom, type Values, valuesOf } from "../deployment/deployment";
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

interface Arguments {
  readonly values: Values;
  readonly incident?: IncidentRef;
  readonly simulators: boolean;
  readonly waitSeconds: number;
}

const exitCodes = { well: 0, failed: 1, wrong: 2 } as const;

/** Intezer's analyses take their time in a simulator as well, and the relay is what is looked at. */
const withoutAnalyses = { INTEZER_FILES: "false" };

const clock = realClock();

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(messageOf(error));
    process.exit(exitCodes.failed);
  },
);

async function main(argv: readonly string[]): Promise<number> {
  let given: Arguments | undefined;
  try {
    given = argumentsFrom(argv);
  } catch (error) {
    console.error(`${messageOf(error)}\n\nnpm run check -- --help tells how it is used.`);
    return exitCodes.wrong;
  }
  if (!given) {
    console.log(usage);
    return exitCodes.well;
  }
  if (given.simulators) return checkSimulators(given);
  return given.incident ? follow(given, given.incident) : check(given.values);
}

/** `undefined` asks for help. Throws an error that says what is wrong. */
function argumentsFrom(argv: readonly string[]): Arguments | undefined {
  const { values: given } = parseArgs({
    args: [...argv],
    options: {
      environment: { type: "string" },
      incident: { type: "string" },
      relay: { type: "string" },
      wait: { type: "string", default: "600" },
      simulators: { type: "boolean", default: false },
      help: { type: "boolean" },
    },
  });
  if (given.help) return undefined;
  if (!/^[1-9]\d{0,4}$/.test(given.wait)) throw new Error("--wait wants a number of seconds.");
  const incident = given.incident === undefined ? undefined : incidentRefFrom(given.incident);
  if (given.incident !== undefined && !incident)
    throw new Error("--incident wants the ARM id of an incident: /subscriptions/…/incidents/…");
  const values = given.simulators ? {} : valuesOf(given.environment);
  return {
    values: given.relay === undefined ? values : { ...values, AZURE_RELAY_ID: given.relay },
    simulators: given.simulators,
    waitSeconds: Number(given.wait),
    ...(incident ? { incident } : {}),
  };
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

async function follow({ values, waitSeconds }: Arguments, incident: IncidentRef): Promise<number> {
  const deployment = deploymentOf(values);
  if (!deployment) return exitCodes.failed;
  const { relay } = deployment;
  if (!relay) {
    console.error("The relay is not known: give --relay, or set AZURE_RELAY_ID.");
    return exitCodes.wrong;
  }
  const { say } = startProgress(clock);
  const wrong = await followIncident({ clock, deployment, incident, relay, waitSeconds, say });
  if (wrong === undefined) return exitCodes.well;
  console.error(wrong);
  return exitCodes.failed;
}

async function checkSimulators(given: Arguments): Promise<number> {
  const { services, values, stop } = await startDeployment(clock, withoutAnalyses);
  const incident = incidentRefFrom(services.sentinel.addIncident(sampleIncident));
  const checked = await check(values);
  const followed = incident ? await follow({ ...given, values }, incident) : exitCodes.failed;
  await stop();
  return Math.max(checked, followed);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
