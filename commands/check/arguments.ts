import { parseArgs } from "node:util";
import { incidentFrom } from "../../clients/sentinel/arm-id";
import { deploymentOptions, relayFrom, type Values, valuesOf } from "../deployment/deployment";
import type { Followed } from "./hops";

export const usage = `Usage: npm run check -- [--environment NAME]
       npm run check -- [--environment NAME] --incident ARM_ID [--relay ARM_ID] [--wait SECONDS]
       npm run check -- --simulators

  --environment NAME   azd environment of the deployment; without it, its settings and outputs
                       (AZURE_FUNCTION_APP_URL, AZURE_KEY_VAULT_NAME, AZURE_RELAY_ID, ...) are read from
                       environment variables
  --incident ARM_ID    start the relay on this incident, and report when the comment and the tags are there
  --relay ARM_ID       the relay playbook, if the environment does not name it
  --wait SECONDS       how long to wait for the comment and the tags (default 600)
  --simulators         do both with a simulated deployment on this machine
  --help               print this

Uses the Azure account that is signed in (az login). Exits with 0 when nothing failed, 1 when something failed, 2 for
wrong usage.`;

type Arguments =
  | { readonly kind: "simulators"; readonly waitSeconds: number }
  | { readonly kind: "deployment"; readonly values: Values }
  | ({ readonly kind: "incident"; readonly values: Values } & Followed);

/** Throws an error that says what is wrong. */
export function argumentsFrom(args: readonly string[]): Arguments {
  const { values: given } = parseArgs({
    args: [...args],
    options: {
      ...deploymentOptions,
      incident: { type: "string" },
      wait: { type: "string", default: "600" },
      simulators: { type: "boolean", default: false },
    },
  });
  if (!/^[1-9]\d{0,4}$/.test(given.wait)) throw new Error("--wait takes a number of seconds.");
  const waitSeconds = Number(given.wait);
  if (given.simulators) return { kind: "simulators", waitSeconds };
  const values = valuesOf(given);
  if (given.incident === undefined) return { kind: "deployment", values };
  const incident = incidentFrom(given.incident);
  if (!incident) throw new Error("--incident takes the ARM id of an incident: /subscriptions/…/incidents/…");
  return { kind: "incident", values, incident, relay: relayFrom(values), waitSeconds };
}
