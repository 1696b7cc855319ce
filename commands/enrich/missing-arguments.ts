import { parseArgs } from "node:util";
import { severities } from "../../domain/run/missing-run";
import {
  type Deployment,
  deploymentFrom,
  deploymentOptions,
  relayFrom,
  valuesOf,
} from "../deployment/deployment";
import type { Playbook } from "../deployment/playbook";
import { spanMsFrom } from "../span";

export interface MissingArguments {
  readonly deployment: Deployment;
  readonly relay: Playbook;
  /** Epoch milliseconds. */
  readonly since: number;
  readonly severities: readonly string[];
  readonly most: number;
}

/** Those for which the automation rules of a new deployment start the relay. */
const usualSeverities = ["High", "Medium", "Low"];

/** Throws an error that says which argument or setting is wrong. `now` is in epoch milliseconds. */
export function missingArgumentsFrom(argv: readonly string[], now: number): MissingArguments {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      ...deploymentOptions,
      missing: { type: "boolean" },
      since: { type: "string" },
      severity: { type: "string", multiple: true, default: usualSeverities },
      max: { type: "string", default: "50" },
    },
  });
  if (!/^[1-9]\d{0,3}$/.test(values.max)) throw new Error("--max takes a number of incidents, at most 9999.");
  const since = now - spanMsFrom("--since", values.since);
  const chosen = severitiesFrom(values.severity);
  const deployed = valuesOf(values);
  const relay = relayFrom(deployed);
  return { deployment: deploymentFrom(deployed), relay, since, severities: chosen, most: Number(values.max) };
}

function severitiesFrom(given: readonly string[]): readonly string[] {
  const wanted = given.map((text) => text.toLowerCase());
  const known = severities.filter((severity) => wanted.includes(severity.toLowerCase()));
  if (known.length < new Set(wanted).size)
    throw new Error(`--severity is one of ${severities.join(", ")}; repeat it for several.`);
  return known;
}
