import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { incidentFrom } from "../../clients/sentinel/arm-id";
import type { IncidentRef } from "../../domain/incident/incident";
import { packageRoot } from "../../local/host/package-root";
import { type FiledIncident, filedIncidentFrom } from "./incident-file";

export const usage = `Usage: npm run enrich -- <incident> [options]
       npm run enrich -- --missing --since SPAN [--severity NAME]... [--max N] [--environment NAME] [--relay ARM_ID]

  <incident>      ARM id of an incident in Microsoft Sentinel; or a file with the body of an incident trigger, or
                  with a list of indicators: one hash, address, domain or URL per line
  --dry-run       write nothing to Microsoft Sentinel
  --output FILE   write the comment as an HTML page
  --data DIR      folder of Azurite's tables, where it has to be started (default local/.data/enrich)
  --help          print this

  --missing       starts the deployed relay on open incidents without the tag enriched, until half of VirusTotal's
                  day is spent
  --since SPAN    those created within this time: 90m, 24h, 7d
  --severity NAME High, Medium, Low or Informational, several times for several (default: all but the last)
  --max N         at most so many (default 50)
  --environment   azd environment of the deployment; without it, environment variables, as for npm run check
  --relay ARM_ID  of the relay playbook, where the environment does not name it

Settings are environment variables, or Values in local.settings.json. Ends with 0 when everything was checked, 2 for
wrong usage or settings, 3 when a run failed or was not started, 4 when something was not checked or not started.`;

/** What to enrich: an incident of Microsoft Sentinel, or one that a file holds. */
type Subject =
  | { readonly kind: "incident"; readonly armId: string; readonly ref: IncidentRef }
  | { readonly kind: "file"; readonly file: string; readonly incident: FiledIncident };

export interface Arguments {
  readonly subject: Subject;
  readonly dryRun: boolean;
  readonly output?: string;
  readonly dataFolder: string;
}

/** Of one incident. Throws an error that says what is wrong. */
export function argumentsFrom(argv: readonly string[]): Arguments {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      "dry-run": { type: "boolean", default: false },
      output: { type: "string" },
      data: { type: "string", default: join(packageRoot, "local/.data/enrich") },
    },
  });
  const [given, ...more] = positionals;
  if (given === undefined || more.length > 0)
    throw new Error(`One incident has to be named, not ${positionals.length}.`);
  return {
    subject: subjectFrom(given),
    dryRun: values["dry-run"],
    dataFolder: resolve(values.data),
    ...(values.output === undefined ? {} : { output: resolve(values.output) }),
  };
}

function subjectFrom(given: string): Subject {
  if (!/^\/subscriptions\//i.test(given)) return { kind: "file", file: given, incident: incidentIn(given) };
  const ref = incidentFrom(given);
  if (!ref)
    throw new Error(
      "This is not the ARM id of an incident: /subscriptions/…/workspaces/…/providers/Microsoft.SecurityInsights/incidents/…",
    );
  return { kind: "incident", armId: given, ref };
}

function incidentIn(file: string): FiledIncident {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(`${file} cannot be read: it is no ARM id, and no file that can be opened.`, {
      cause: error,
    });
  }
  return filedIncidentFrom(text);
}
