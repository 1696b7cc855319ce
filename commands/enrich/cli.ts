import { writeFileSync } from "node:fs";
import { createSentinelStore } from "../../clients/sentinel/store";
import type { IncidentRef } from "../../domain/incident/incident";
import type { IncidentStore } from "../../domain/incident/incident-store";
import { indicatorsFrom } from "../../domain/indicators/from-entities";
import type { RunOutput } from "../../domain/run/run";
import { realClock } from "../../local/clock";
import { appIn, startLocalHost } from "../../local/host/local-host";
import { packageRoot } from "../../local/host/package-root";
import { runCommandLine } from "../command-line";
import { commentPage, printComment } from "../comment-print";
import type { Access } from "../deployment/access";
import { doneOrThrow } from "../done-or-throw";
import { startProgress } from "../progress";
import { postIncident, runOf } from "../run-client";
import { argumentsFrom, usage } from "./arguments";
import { costOf } from "./cost";
import { exitCodes } from "./exit-codes";
import { enrichMissing } from "./missing";
import { missingArgumentsFrom } from "./missing-arguments";
import { type Plan, planFrom } from "./plan";
import { quotaText } from "./quota";

const unreadable = "Microsoft Sentinel could not be read";

const clock = realClock();

runCommandLine({ usage, read: commandFrom, failed: exitCodes.failed });

/** Throws an error that says which argument or setting is wrong. */
async function commandFrom(argv: readonly string[]): Promise<() => Promise<number>> {
  if (argv.includes("--missing")) {
    const given = missingArgumentsFrom(argv, clock.now());
    return () => enrichMissing(given);
  }
  const plan = await planFrom(argumentsFrom(argv), clock);
  return () => enrich(plan);
}

async function enrich({ given, ref, triggerBody, settings, access }: Plan): Promise<number> {
  const { config, sentinel } = access;
  const incidents = createSentinelStore(sentinel);
  await tellCost(incidents, ref, access);
  const { say, log } = startProgress(clock);
  const host = await startLocalHost({ ...appIn(packageRoot), settings, log });
  const { instanceId } = await postIncident(host.origin, triggerBody);
  const run = await runOf(host.origin, instanceId, 200);
  await host.stop();
  if (run.runtimeStatus !== "Completed") {
    say(`The run ended as ${run.runtimeStatus}: ${textOf(run.output)}`);
    return exitCodes.failed;
  }
  const output = run.output as RunOutput;
  tellComments(await commentsOf(incidents, ref, output), given.output);
  for (const warning of output.warnings) console.log(`Warning: ${warning}`);
  console.log(`Tags: ${output.tags.join(", ")}${config.dryRun ? " (a dry run: nothing was written)" : ""}`);
  const isIncomplete = output.notChecked > 0 || output.tags.includes("enrichment-incomplete");
  return isIncomplete ? exitCodes.incomplete : exitCodes.done;
}

/** Says how much will be looked up where, before anything is. */
async function tellCost(incidents: IncidentStore, ref: IncidentRef, access: Access): Promise<void> {
  const { config, providers } = access;
  const entities = doneOrThrow(await incidents.readEntities(ref), unreadable);
  const { indicators, leftOut } = indicatorsFrom(entities, config.screening);
  console.log(
    `${entities.length} entities, ${indicators.length} distinct indicators to look up, ${leftOut.length} left out.`,
  );
  const costs = providers.map((each) => ({ ...each, ...costOf(each, indicators) }));
  for (const { title, text } of costs) console.log(`${title}: ${text}.`);
  for (const { title, lookups, standing } of costs)
    if (lookups > 0 && standing) console.log(quotaText(title, await standing(), lookups));
}

/** The comments of the run, in the order in which they were written; in a dry run those that would have been. */
async function commentsOf(
  incidents: IncidentStore,
  ref: IncidentRef,
  { comment, update, commentIds }: RunOutput,
): Promise<readonly string[]> {
  const unwritten = [comment, update].filter((text) => text !== undefined);
  if (unwritten.length > 0) return unwritten;
  const written = doneOrThrow(await incidents.readComments(ref), unreadable);
  const all = new Map(written.map(({ id, message }) => [id.toLowerCase(), message]));
  return commentIds.flatMap((id) => all.get(id.toLowerCase()) ?? []);
}

function tellComments(comments: readonly string[], file: string | undefined): void {
  comments.forEach(printComment);
  if (comments.length === 0) console.log("\nThere was nothing to comment on.");
  if (file === undefined) return;
  writeFileSync(file, commentPage(comments.join("\n<hr>\n")));
  console.log(`As a page: ${file}`);
}

function textOf(output: unknown): string {
  return typeof output === "string" ? output : JSON.stringify(output);
}
