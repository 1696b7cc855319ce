import { readHalfDays } from "../../clients/providers";
import { workspaceOf } from "../../clients/sentinel/arm-id";
import { createIncidentList } from "../../clients/sentinel/incident-list";
import { createSentinelStore } from "../../clients/sentinel/store";
import type { ListedIncident } from "../../domain/incident/incident-store";
import { type CatchUpStep, catchUp } from "../../domain/run/catch-up";
import {
  type MissingRun,
  type MissingRunRules,
  missingRunOf,
  mostUrgentFirst,
} from "../../domain/run/missing-run";
import { counted } from "../../domain/text";
import { instantText } from "../../domain/time";
import { doneOrThrow } from "../command-line";
import { createPlaybookRunner } from "../deployment/playbook";
import { exitCodes } from "./arguments";
import type { MissingArguments } from "./missing-arguments";

/**
 * Starts the relay on every open incident that has no run and should have one (`missingRunOf`): worst severity first, then
 * oldest first. Stops before the lookups would use more than half of a provider's daily quota, so that new incidents
 * have the other half. Throws when it cannot begin; resolves with the exit code.
 */
export async function enrichMissing({ most, ...given }: MissingArguments): Promise<number> {
  const { deployment, relay } = given;
  const { providers, config, sentinel } = deployment;
  const runPlaybook = createPlaybookRunner(sentinel);
  const missing = await missingRuns(given);
  const halves = doneOrThrow(await readHalfDays(providers), "No run was started");
  for (const { text } of halves) console.log(text);

  const counts = { started: 0, failed: 0, needless: 0 };
  const steps = catchUp(missing, {
    incidents: createSentinelStore(sentinel),
    screening: config.screening,
    watchlist: deployment.watchlist,
    halves,
    most,
    start: ({ incident }) => runPlaybook(incident.ref, relay),
  });
  for await (const step of steps) {
    if (step.kind === "spent") {
      const left = missing.length - counts.started - counts.failed - counts.needless;
      console.log(
        `Stopped at half of ${step.title}'s daily quota: ${counted(left, "incident")} left. Continue after 00:00 UTC.`,
      );
      return exitCodes.incomplete;
    }
    counts[step.kind]++;
    printStep(step);
  }
  const { started, failed, needless } = counts;
  if (needless > 0) console.log(`${counted(needless, "enriched incident")} still without an indicator.`);
  const left = missing.length - started - failed - needless;
  console.log(`Started ${started}, failed ${failed}, not started because of --max ${left}.`);
  return failed > 0 ? exitCodes.failed : exitCodes.done;
}

/** At most this many incidents of a workspace are read. */
const mostListed = 5_000;

/** The task hub is not read, since an operator has no role on it. Tags and comments show what a run has done. */
async function missingRuns({
  deployment,
  since,
  severities,
}: Omit<MissingArguments, "most">): Promise<readonly MissingRun[]> {
  const list = createIncidentList(deployment.sentinel);
  const listed: ListedIncident[] = [];
  for (const scope of deployment.config.workspaces) {
    const found = await list(scope, { by: "createdAt", since, most: mostListed });
    listed.push(...doneOrThrow(found, workspaceOf(scope).name));
  }
  const { commentWhen } = deployment.config;
  const rules: MissingRunRules = {
    mode: "all",
    severities,
    commentWhen,
    now: Date.now(),
    changedAfter: 0,
    trustsComments: true,
    merged: new Set(),
    triggerMs: 0,
  };
  const missing = listed.flatMap((incident) =>
    severities.includes(incident.severity) ? (missingRunOf(incident, undefined, rules) ?? []) : [],
  );
  const wanted = `open, not enriched or without any comment, of severity ${severities.join(", ")}`;
  console.log(
    `${counted(listed.length, "incident")} since ${instantText(since)}; ${missing.length} of them ${wanted}.`,
  );
  return mostUrgentFirst(missing);
}

function printStep(step: CatchUpStep): void {
  const { number, severity, createdAt } = step.missing.incident;
  const say = (outcome: string) =>
    console.log(`${number}  ${severity.padEnd(13)}  ${instantText(createdAt)}  ${outcome}`);
  if (step.kind === "started") say(`started, ${counted(step.newLookups, "new lookup")}`);
  if (step.kind === "failed") say(`failed: ${step.reason}`);
}
