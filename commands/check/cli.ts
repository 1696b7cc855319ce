import { incidentFrom } from "../../clients/sentinel/arm-id";
import { realClock } from "../../local/clock";
import { startDeployment } from "../../local/simulators/deployment";
import { sampleIncident } from "../../local/simulators/sample-incident";
import { messageOf, runCommandLine } from "../command-line";
import { type Deployment, deploymentFrom, relayFrom, type Values } from "../deployment/deployment";
import { startProgress } from "../progress";
import { argumentsFrom, usage } from "./arguments";
import { checkDeployment } from "./check";
import { type Followed, followIncident } from "./hops";
import { printLine } from "./line";

const exitCodes = { well: 0, failed: 1 } as const;

/** Simulated analyses take as long as real ones, and this is about the relay. */
const withoutAnalyses = { INTEZER_FILES: "false" };

const clock = realClock();

runCommandLine({ usage, read: commandFrom });

function commandFrom(args: readonly string[]): () => Promise<number> {
  const given = argumentsFrom(args);
  switch (given.kind) {
    case "simulators":
      return () => checkSimulators(given.waitSeconds);
    case "deployment":
      return () => check(given.values);
    case "incident":
      return () => follow(given.values, given);
  }
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
  const incident = incidentFrom(services.sentinel.addIncident(sampleIncident));
  const checked = await check(values);
  const relay = relayFrom(values);
  const followed = incident ? await follow(values, { incident, relay, waitSeconds }) : exitCodes.failed;
  await stop();
  return Math.max(checked, followed);
}
