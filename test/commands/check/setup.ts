import { incidentFrom } from "../../../clients/sentinel/arm-id";
import { checkAzure } from "../../../commands/check/azure";
import { followIncident } from "../../../commands/check/hops";
import type { Line } from "../../../commands/check/line";
import { deploymentFrom } from "../../../commands/deployment/deployment";
import { skippingClock } from "../../../local/clock";
import { type SimulatedDeployment, startDeployment } from "../../../local/simulators/deployment";

export const clock = skippingClock();

export const printed = (lines: readonly Line[]) =>
  lines.map(({ name, state, text }) => `${state} ${name}: ${text}\n`).join("");

/** What the resources of a deployment are found to be, a line for each. */
export async function check({ values }: SimulatedDeployment, more: Readonly<Record<string, string>> = {}) {
  return printed(await checkAzure(deploymentFrom({ ...values, ...more })));
}

/** A deployment of its own, for a story that leaves traces. */
export async function withDeployment(
  story: (deployed: SimulatedDeployment) => Promise<void>,
  settings: Readonly<Record<string, string>> = {},
) {
  const deployed = await startDeployment(clock, settings);
  try {
    await story(deployed);
  } finally {
    await deployed.stop();
  }
}

export const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();

export async function startRelay({ values }: SimulatedDeployment, armId: string) {
  const incident = incidentFrom(armId);
  if (!incident) throw new Error(`${armId} is no incident.`);
  return followIncident({
    clock,
    deployment: deploymentFrom(values),
    incident,
    relay: { id: values.AZURE_RELAY_ID ?? "" },
    waitSeconds: 60,
    say: () => {},
  });
}
