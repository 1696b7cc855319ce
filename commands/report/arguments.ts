import { parseArgs } from "node:util";
import { dayMs } from "../../domain/time";
import { deploymentOptions, type Values, valuesOf } from "../deployment/deployment";
import { spanMsFrom } from "../span";

export const usage = `Usage: npm run report -- [--environment NAME] [--since SPAN] [--json]
       npm run report -- --simulators [--json]

  --environment NAME  azd environment of the deployment; without it, its
                      settings are read from environment variables
  --since SPAN        incidents that were enriched within this time, rounded up to
                      whole days, such as 36h or 30d (default 30d)
  --json              print one JSON object (docs/report.md)
  --simulators        report on a made-up set of incidents on this machine
  -h, --help          print this

Compares our verdicts with what the analysts decided when they closed the
incidents: precision, false alarms and misses by analytics rule, and what they
would have been with other thresholds. Uses the Azure account that is signed in (az login);
it needs Microsoft Sentinel Reader on each workspace. Exits with 0, or with 1 when a
workspace could not be read, or with 2 for wrong usage.`;

export interface Arguments {
  readonly json: boolean;
  /** Whole days. */
  readonly days: number;
  /** Of the deployment; absent for simulators. */
  readonly values?: Values;
}

/** Throws an error that says what is wrong. */
export function argumentsFrom(args: readonly string[]): Arguments {
  const { values: given } = parseArgs({
    args: [...args],
    options: {
      environment: deploymentOptions.environment,
      since: { type: "string", default: "30d" },
      json: { type: "boolean", default: false },
      simulators: { type: "boolean", default: false },
    },
  });
  const days = Math.ceil(spanMsFrom("--since", given.since) / dayMs);
  return { json: given.json, days, ...(given.simulators ? {} : { values: valuesOf(given) }) };
}
