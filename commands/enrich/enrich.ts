import { writeFileSync } from "node:fs";
import { createSentinelStore } from "../../clients/sentinel/store";
import type { IncidentRef } from "../../domain/incident/incident";
import type { IncidentStore } from "../../domain/incident/incident-store";
import { indicatorsFrom } from "../../domain/indicators/from-entities";
import type { LeftOut } from "../../domain/indicators/indicator";
import { kindCounts } from "../../domain/indicators/label";
import { withWatchlist } from "../../domain/indicators/screening";
import type { RunOutput } from "../../domain/run/run";
import { appIn, startLocalHost } from "../../local/host/local-host";
import { packageRoot } from "../../local/host/package-root";
import { doneOrThrow } from "../command-line";
import { commentPage, printComment } from "../comment-print";
import type { Access } from "../deployment/access";
import { startProgress } from "../progress";
import { postIncident, runOf } from "../run-client";
import { columnsOf, pathText, wrap } from "../terminal";
import { type Arguments, exitCodes, skippedTexts } from "./arguments";
import { assertNotMerged } from "./assert-not-merged";
import { costOf } from "./cost";
import type { Plan } from "./plan";
import { quotaText } from "./quota";

const unreadable = "Microsoft Sentinel could not be read";

/** What a run came to; printed as it is with `--json` (docs/enrich.md). */
interface Result
  extends Omit<RunOutput, "run" | "comment" | "update" | "alerts" | "alertId" | "deliveryId" | "commentIds"> {
  readonly complete: boolean;
  /** ARM id of the incident in Microsoft Sentinel; `null` for a file or a list. */
  readonly incident: string | null;
  /** Comment and tags are in Microsoft Sentinel. */
  readonly written: boolean;
  /** The answers are invented. */
  readonly simulated: boolean;
  /** HTML, in the order in which they were or would be written. */
  readonly comments: readonly string[];
  readonly leftOut: readonly LeftOut[];
  readonly skipped: readonly { readonly source: string; readonly line: number; readonly text: string }[];
}

/**
 * Enriches one incident or list, prints the result, and resolves with the exit code. Progress goes to the standard
 * error.
 */
export async function enrich(plan: Plan): Promise<number> {
  const { given, clock, ref, triggerBody, settings, access } = plan;
  const incidents = createSentinelStore(access.sentinel);
  const skipped = given.subject.kind === "list" ? given.subject.skipped : [];
  for (const text of skippedTexts(skipped)) note(`Skipped: ${text}`);
  if (given.simulators) note(`${simulated} Waiting is skipped: the times shown are those of a real run.`);
  if (given.subject.kind === "incident") await assertNotMerged(incidents, ref);
  const { leftOut, warnings } = await announceCost(incidents, ref, access);
  const writesNothing = access.config.dryRun || given.subject.kind !== "incident";
  const { log } = startProgress(clock, { verbose: given.verbose, writesNothing, stream: process.stderr });
  const host = await startLocalHost({ ...appIn(packageRoot), clock, settings, log });
  const { instanceId } = await postIncident(host.origin, triggerBody);
  const run = await runOf(host.origin, instanceId, given.simulators ? 20 : 200);
  await host.stop();
  if (run.runtimeStatus !== "Completed")
    throw new Error(`The run ended as ${run.runtimeStatus}: ${textOf(run.output)}`);

  const output = run.output as RunOutput;
  const { run: _, comment, update, alerts, alertId, deliveryId, commentIds, ...facts } = output;
  const result: Result = {
    complete: output.notChecked === 0 && !output.tags.includes("enrichment-incomplete"),
    incident: given.subject.kind === "incident" ? given.subject.armId : null,
    written: !writesNothing,
    simulated: given.simulators,
    ...facts,
    warnings: [...warnings, ...facts.warnings],
    comments: await commentsOf(incidents, ref, output),
    leftOut,
    skipped,
  };
  print(result, given);
  return result.complete ? exitCodes.done : exitCodes.incomplete;
}

const simulated = "Simulators answer here: nothing comes from VirusTotal or Intezer.";

/** To the standard error. */
function note(text: string): void {
  console.error(wrap(text, columnsOf(process.stderr)));
}

/**
 * Says how much will be looked up where, before anything is. Resolves with what will not be, and with what a
 * service has against its key.
 */
async function announceCost(
  incidents: IncidentStore,
  ref: IncidentRef,
  access: Access,
): Promise<{ leftOut: readonly LeftOut[]; warnings: readonly string[] }> {
  const { config, providers, watchlist } = access;
  const [read, list] = await Promise.all([incidents.readEntities(ref), watchlist?.read(ref.scope)]);
  const entities = doneOrThrow(read, unreadable);
  const { indicators, leftOut } = indicatorsFrom(entities, withWatchlist(config.screening, list));
  const left = leftOut.length > 0 ? ` Left out: ${leftOut.length}.` : "";
  note(`To look up: ${kindCounts(indicators).join(", ") || "nothing"}.${left}`);
  const costs = providers.map((each) => ({ ...each, ...costOf(each, indicators) }));
  for (const { title, text } of costs) note(`${title}: ${text}.`);
  const warnings: string[] = [];
  for (const { title, lookups, standing: read } of costs) {
    const standing = lookups > 0 ? await read?.() : undefined;
    if (standing) note(quotaText(title, standing, lookups));
    if (standing?.kind === "refused") warnings.push(standing.reason);
  }
  console.error();
  return { leftOut, warnings };
}

/**
 * The comments of the run, in the order in which they were written, from the remaining incident after a merge; in
 * a dry run those that would have been.
 */
async function commentsOf(
  incidents: IncidentStore,
  ref: IncidentRef,
  { comment, update, commentIds, mergedInto }: RunOutput,
): Promise<readonly string[]> {
  const unwritten = [comment, update].filter((text) => text !== undefined);
  if (unwritten.length > 0) return unwritten;
  const { incidentId } = mergedInto ?? ref;
  const written = doneOrThrow(await incidents.readComments({ ...ref, incidentId }), unreadable);
  const all = new Map(written.map(({ id, message }) => [id.toLowerCase(), message]));
  return commentIds.flatMap((id) => all.get(id.toLowerCase()) ?? []);
}

function print(result: Result, { json, output }: Arguments): void {
  const { comments, warnings, tags, written } = result;
  if (output !== undefined) {
    writeFileSync(output, commentPage(comments.join("\n<hr>\n")));
    note(`As a page: ${pathText(output)}`);
  }
  if (json) {
    console.log(JSON.stringify(result, undefined, 2));
    return;
  }
  comments.forEach(printComment);
  if (comments.length === 0) console.log("\nThere was nothing to comment on.");
  for (const warning of warnings) console.log(wrap(`Warning: ${warning}`));
  if (result.simulated) console.log(simulated);
  console.log(
    wrap(`Tags: ${tags.join(", ")}${written ? "" : " (nothing was written to Microsoft Sentinel)"}`),
  );
}

function textOf(output: unknown): string {
  return typeof output === "string" ? output : JSON.stringify(output);
}
