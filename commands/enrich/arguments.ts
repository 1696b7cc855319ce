import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { incidentFrom } from "../../clients/sentinel/arm-id";
import type { IncidentRef } from "../../domain/incident/incident";
import { packageRoot } from "../../local/host/package-root";
import type { EntitySeed } from "../../local/simulators/sentinel-incidents";
import { type FiledIncident, filedIncidentFrom } from "./filed-incident";
import { entityFrom, indicatorListFrom, shown } from "./indicator-list";

export const exitCodes = { done: 0, wrongUsage: 2, failed: 3, incomplete: 4 } as const;

export const usage = `Usage: npm run enrich -- <indicator>... [options]
       npm run enrich -- <file> | - [options]
       npm run enrich -- <incident> [options]
       npm run enrich -- --missing --since SPAN [--severity NAME]... [--max N]
                         [--environment NAME] [--relay ARM_ID]

  <indicator>      hash, IP address, domain or URL, defanged or not
  <file>           a list with one indicator on a line (# begins a comment), a
                   CSV file with a column of indicators, or the body of an
                   incident trigger (JSON); - reads the standard input
  <incident>       ARM id or portal link of an incident in Microsoft Sentinel
  --dry-run        write nothing to Microsoft Sentinel
  --simulators     use simulators instead of VirusTotal and Intezer: needs no
                   key, and all answers are invented
  --output FILE    write the comment as an HTML page
  --json           print one JSON object instead of the comment (docs/enrich.md)
  --verbose        print the app's log instead of a sentence for each step
  --data DIR       folder for Azurite's tables when no storage is configured
                   (default local/.data/enrich)
  -h, --help       print this

  --missing        start the deployed relay on open incidents without the tag
                   enriched, until half of VirusTotal's daily quota is used
  --since SPAN     those created within this time: 90m, 24h, 7d
  --severity NAME  High, Medium, Low or Informational; repeat it for several
                   (default: all but the last)
  --max N          at most N incidents (default 50)
  --environment    azd environment of the deployment; without it, environment
                   variables, as for npm run check
  --relay ARM_ID   the relay playbook, if the environment does not name it

Settings are environment variables, or Values in local.settings.json. Progress
goes to the standard error, the result to the standard output. Exits with 0 when
everything was checked, 2 for wrong usage or settings, 3 when a run failed or was
not started, 4 when something was not checked or not started.`;

/** What to enrich. */
type Subject =
  /** An incident of Microsoft Sentinel. */
  | { readonly kind: "incident"; readonly armId: string; readonly ref: IncidentRef }
  /** An incident in a file. */
  | { readonly kind: "filed"; readonly incident: FiledIncident }
  /** Indicators of no incident. */
  | { readonly kind: "list"; readonly entities: readonly EntitySeed[]; readonly skipped: readonly Skipped[] };

/** A line that holds no indicator. */
interface Skipped {
  /** File, or `-`. */
  readonly source: string;
  /** From 1. */
  readonly line: number;
  /** Untrusted. */
  readonly text: string;
}

export interface Arguments {
  readonly subject: Subject;
  readonly dryRun: boolean;
  readonly simulators: boolean;
  readonly json: boolean;
  readonly verbose: boolean;
  readonly output?: string;
  readonly dataFolder: string;
}

/** Of everything but `--missing`. Throws an error that says what is wrong. */
export async function argumentsFrom(argv: readonly string[]): Promise<Arguments> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      "dry-run": { type: "boolean", default: false },
      simulators: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      verbose: { type: "boolean", default: false },
      output: { type: "string" },
      data: { type: "string", default: join(packageRoot, "local/.data/enrich") },
    },
  });
  const subject = await subjectFrom(positionals);
  if (subject.kind === "incident" && values.simulators)
    throw new Error("--simulators cannot read incidents from Azure: give it indicators or a file.");
  if (values.output !== undefined && !existsSync(dirname(resolve(values.output))))
    throw new Error(`--output: there is no folder ${dirname(values.output)}.`);
  return {
    subject,
    dryRun: values["dry-run"],
    simulators: values.simulators,
    json: values.json,
    verbose: values.verbose,
    dataFolder: resolve(values.data),
    ...(values.output === undefined ? {} : { output: resolve(values.output) }),
  };
}

async function subjectFrom(given: readonly string[]): Promise<Subject> {
  const [first] = given;
  if (first === undefined) throw new Error("Name an incident, a file, or indicators.");
  const incident = given.find((text) => /\/subscriptions\//i.test(text));
  if (incident !== undefined) {
    if (given.length > 1) throw new Error("Name one incident at a time.");
    return incidentSubject(incident);
  }
  const entities: EntitySeed[] = [];
  const skipped: Skipped[] = [];
  for (const text of given) {
    const content = await contentOf(text);
    if (content === undefined) {
      entities.push(entityOfArgument(text));
      continue;
    }
    const filed = filedIncidentFrom(content);
    if (filed) {
      if (given.length > 1) throw new Error(`${text} holds an incident: name one incident at a time.`);
      return { kind: "filed", incident: filed };
    }
    const list = indicatorListFrom(content);
    entities.push(...list.entities);
    skipped.push(...list.skipped.map((line) => ({ source: text, ...line })));
  }
  if (entities.length === 0) throw new Error([noIndicator(given), ...skippedTexts(skipped)].join("\n"));
  return { kind: "list", entities, skipped };
}

const noIndicator = (sources: readonly string[]) => `There is no indicator in ${sources.join(", ")}.`;

const mostSkipped = 10;

/** One sentence for each line that was skipped, the first ten. */
export function skippedTexts(skipped: readonly Skipped[]): readonly string[] {
  const more = skipped.length - mostSkipped;
  return [
    ...skipped
      .slice(0, mostSkipped)
      .map(
        ({ source, line, text }) =>
          `${source === "-" ? "Line" : `${source}, line`} ${line}: ${shown(text)} is not a hash, IP address, domain or URL.`,
      ),
    ...(more > 0 ? [`And ${more} more.`] : []),
  ];
}

/** Also from a portal link, or as Git Bash on Windows rewrites what begins with a slash. */
function incidentSubject(text: string): Subject {
  const [armId = ""] = /\/subscriptions\/.*$/i.exec(decoded(text)) ?? [];
  const ref = incidentFrom(armId);
  if (ref) return { kind: "incident", armId, ref };
  throw new Error(
    "This is not the ARM id of an incident: /subscriptions/…/workspaces/…/providers/Microsoft.SecurityInsights/incidents/…",
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `undefined` when it is no file. */
async function contentOf(given: string): Promise<string | undefined> {
  if (given === "-") {
    if (process.stdin.isTTY) console.error("Reading from the terminal; Ctrl+D ends the input.");
    return textOf(await buffer(process.stdin));
  }
  if (!existsSync(given) || !statSync(given).isFile()) return undefined;
  return textOf(readFileSync(given));
}

/** In the encoding that its first bytes name: PowerShell writes UTF-16. */
function textOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding).decode(bytes);
}

function entityOfArgument(text: string): EntitySeed {
  const entity = entityFrom(text);
  if (entity) return entity;
  throw new Error(
    `${shown(text)} is not a file that can be opened, and not a hash, IP address, domain or URL.`,
  );
}
