import { createIncidentList, type ListedIncident } from "../../clients/sentinel/incident-list";
import { createPlaybookRunner, type Playbook } from "../../clients/sentinel/playbook";
import { createSentinelStore } from "../../clients/sentinel/store";
import { publicKeyQuota } from "../../clients/virustotal/quota";
import type { Config } from "../../config";
import type { Attempt } from "../../domain/attempt";
import { indicatorsFrom } from "../../domain/indicators-from";
import { instantText } from "../../domain/instant";
import { counted } from "../../domain/text";
import type { Deployment } from "../deployment/deployment";
import { standingOfVirusTotalKey } from "../deployment/virustotal-quota";
import { costsOf } from "./cost";
import { exitCodes } from "./exit-codes";
import type { MissingArguments } from "./missing-arguments";

/** No list is read further than this. */
const mostListed = 5_000;

/**
 * Starts the relay on every open incident that no run has tagged, worst severity first, then oldest first. Stops before
 * the look-ups of this day would pass half of VirusTotal's quota, so that new incidents find the other half. Throws what
 * keeps it from beginning; ends with the exit code.
 */
export async function enrichMissing({ deployment, since, severities, most }: MissingArguments): Promise<number> {
  const { config, relay } = deployment;
  const sentinel = { ...deployment, endpoint: config.sentinelEndpoint };
  const listed = await listAll(sentinel, config, since);
  const missing = listed.filter(
    ({ tags, status, severity }) =>
      !tags.includes("enriched") && status !== "Closed" && severities.includes(severity),
  );
  const rank = ({ severity }: ListedIncident) => severities.indexOf(severity);
  const chosen = missing
    .toSorted((a, b) => rank(a) - rank(b) || a.createdAt - b.createdAt)
    .slice(0, most);
  console.log(
    `${counted(listed.length, "incident")} since ${instantText(since)}; ${missing.length} open ones of severity ${severities.join(", ")} without the tag enriched.`,
  );
  const budget = await budgetOf(deployment);
  console.log(budget.text);

  const asked = new Set<string>();
  const estimate = createEstimate(sentinel, config, asked);
  const start = createStart(sentinel, relay);
  const failed: ListedIncident[] = [];
  for (const [i, incident] of chosen.entries()) {
    const cost = await estimate(incident);
    if (cost.kind === "done" && asked.size > budget.lookUps) {
      console.log(
        `Stopped: half the day's quota of VirusTotal is spent. ${counted(chosen.length - i, "incident")} left; run it again after 00:00 UTC.`,
      );
      return exitCodes.incomplete;
    }
    const started = cost.kind === "done" ? await start(incident) : cost;
    console.log(lineOf(incident, started, cost));
    if (started.kind !== "done") failed.push(incident);
  }
  console.log(`Started ${chosen.length - failed.length}, failed ${failed.length}, ${missing.length - chosen.length} above --max.`);
  return failed.length > 0 ? exitCodes.failed : exitCodes.done;
}
