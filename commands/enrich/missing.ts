import { createIncidentList, type ListedIncident } from "../../clients/sentinel/incident-list";
import { createPlaybookRunner } from "../../clients/sentinel/playbook";
import { createSentinelStore } from "../../clients/sentinel/store";
import type { Attempt } from "../../domain/attempt";
import { indicatorsFrom } from "../../domain/indicators/from-entities";
import { counted } from "../../domain/text";
import { instantText } from "../../domain/time";
import { doneOrThrow } from "../command-line";
import type { Deployment } from "../deployment/deployment";
import { standingOfVirusTotalKey } from "../deployment/virustotal-quota";
import { exitCodes } from "./arguments";
import type { MissingArguments } from "./missing-arguments";
import { halfOfDay } from "./quota";

/**
 * Starts the relay on every open incident that no run has tagged, worst severity first, then oldest first. Stops before
 * the lookups would use more than half of VirusTotal's daily quota, so that new incidents have the other half. Throws when
 * it cannot begin; resolves with the exit code.
 */
export async function enrichMissing({ most, ...given }: MissingArguments): Promise<number> {
  const { deployment, relay } = given;
  const runPlaybook = createPlaybookRunner(deployment.sentinel);
  const missing = await missingIncidents(given);
  const chosen = missing.slice(0, most);
  const half = halfOfDay(await standingOfVirusTotalKey(deployment), deployment.config.virustotal.quota);
  console.log(half.text);

  let lookedUp = new Set<string>();
  let failures = 0;
  for (const [i, incident] of chosen.entries()) {
    const lookups = await lookupsOf(incident, deployment);
    const all = new Set([...lookedUp, ...(lookups.kind === "done" ? lookups.value : [])]);
    if (all.size > half.left) {
      const left = counted(missing.length - i, "incident");
      console.log(`Stopped at half of VirusTotal's daily quota: ${left} left. Continue after 00:00 UTC.`);
      return exitCodes.incomplete;
    }
    const started = lookups.kind === "done" ? await runPlaybook(incident.ref, relay) : lookups;
    printStarted(incident, all.size - lookedUp.size, started);
    if (started.kind === "done") lookedUp = all;
    else failures++;
  }
  const started = chosen.length - failures;
  console.log(
    `Started ${started}, failed ${failures}, not started because of --max ${missing.length - chosen.length}.`,
  );
  return failures > 0 ? exitCodes.failed : exitCodes.done;
}

/** At most this many incidents of a workspace are read. */
const mostListed = 5_000;

async function missingIncidents({
  deployment,
  since,
  severities,
}: Omit<MissingArguments, "most">): Promise<readonly ListedIncident[]> {
  const list = createIncidentList(deployment.sentinel);
  const listed: ListedIncident[] = [];
  for (const workspace of deployment.config.workspaces) {
    const found = await list(workspace, { since, most: mostListed });
    listed.push(...doneOrThrow(found, workspace.workspace));
  }
  const missing = listed.filter(
    ({ tags, status, severity }) =>
      !tags.includes("enriched") && status !== "Closed" && severities.includes(severity),
  );
  const wanted = `open, without the tag enriched, of severity ${severities.join(", ")}`;
  console.log(
    `${counted(listed.length, "incident")} since ${instantText(since)}; ${missing.length} of them ${wanted}.`,
  );
  const rank = ({ severity }: ListedIncident) => severities.indexOf(severity);
  return missing.toSorted((a, b) => rank(a) - rank(b) || a.createdAt - b.createdAt);
}

/** What VirusTotal will be asked about; an answer in the cache costs nothing. */
async function lookupsOf(
  { ref }: ListedIncident,
  { config, sentinel }: Deployment,
): Promise<Attempt<readonly string[]>> {
  const entities = await createSentinelStore(sentinel).readEntities(ref);
  if (entities.kind !== "done") return entities;
  const { indicators } = indicatorsFrom(entities.value, config.screening);
  const asked = indicators.filter(({ kind }) => config.virustotal.kinds.includes(kind));
  return { kind: "done", value: asked.map(({ kind, value }) => `${kind} ${value}`) };
}

function printStarted(incident: ListedIncident, lookups: number, started: Attempt<void>): void {
  const { number, severity, createdAt } = incident;
  const outcome =
    started.kind === "done" ? `started, ${counted(lookups, "new lookup")}` : `failed: ${started.reason}`;
  console.log(`${number}  ${severity.padEnd(13)}  ${instantText(createdAt)}  ${outcome}`);
}
