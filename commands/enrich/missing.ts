import { workspaceOf } from "../../clients/sentinel/arm-id";
import { createIncidentList, type ListedIncident } from "../../clients/sentinel/incident-list";
import { createPlaybookRunner } from "../../clients/sentinel/playbook";
import { createSentinelStore } from "../../clients/sentinel/store";
import { type Attempt, done } from "../../domain/attempt";
import { indicatorsFrom } from "../../domain/indicators/from-entities";
import type { IndicatorKind } from "../../domain/indicators/indicator";
import { withWatchlist } from "../../domain/indicators/watchlist";
import { counted } from "../../domain/text";
import { instantText } from "../../domain/time";
import { doneOrThrow } from "../command-line";
import type { Deployment } from "../deployment/deployment";
import { exitCodes } from "./arguments";
import type { MissingArguments } from "./missing-arguments";
import { type HalfOfDay, halfOfDay } from "./quota";

/**
 * Starts the relay on every open incident that no run has tagged, or whose run saw no indicator although there is one
 * now: worst severity first, then oldest first. Stops before
 * the lookups would use more than half of a provider's daily quota, so that new incidents have the other half. Throws when
 * it cannot begin; resolves with the exit code.
 */
export async function enrichMissing({ most, ...given }: MissingArguments): Promise<number> {
  const { deployment, relay } = given;
  const runPlaybook = createPlaybookRunner(deployment.sentinel);
  const missing = await missingIncidents(given);
  const chosen = missing.slice(0, most);
  const budgets = await budgetsOf(deployment);
  for (const { text } of budgets) console.log(text);

  let lookedUp: Lookups = new Map();
  let [failures, empty] = [0, 0];
  for (const [i, incident] of chosen.entries()) {
    const lookups = await lookupsOf(incident, deployment, budgets);
    if (lookups.kind === "done" && isTagged(incident) && countOf(lookups.value) === 0) {
      empty++;
      continue;
    }
    const all = lookups.kind === "done" ? merged(lookedUp, lookups.value) : lookedUp;
    const spent = budgets.find(({ title, left }) => (all.get(title)?.size ?? 0) > left);
    if (spent) {
      const left = counted(missing.length - i, "incident");
      console.log(`Stopped at half of ${spent.title}'s daily quota: ${left} left. Continue after 00:00 UTC.`);
      return exitCodes.incomplete;
    }
    const started = lookups.kind === "done" ? await runPlaybook(incident.ref, relay) : lookups;
    printStarted(incident, countOf(all) - countOf(lookedUp), started);
    if (started.kind === "done") lookedUp = all;
    else failures++;
  }
  if (empty > 0) console.log(`${counted(empty, "enriched incident")} still without an indicator.`);
  const started = chosen.length - failures - empty;
  console.log(
    `Started ${started}, failed ${failures}, not started because of --max ${missing.length - chosen.length}.`,
  );
  return failures > 0 ? exitCodes.failed : exitCodes.done;
}

const isTagged = ({ tags }: ListedIncident) => tags.includes("enriched");

/** Its run found nothing to look up and so wrote no comment: with the default of COMMENT_WHEN there is no other reason. */
function sawNothing({ tags, commentsCount }: ListedIncident, { config }: Deployment): boolean {
  return config.commentWhen === "indicators" && tags.includes("verdict-unknown") && commentsCount === 0;
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
  for (const scope of deployment.config.workspaces) {
    const found = await list(scope, { since, most: mostListed });
    listed.push(...doneOrThrow(found, workspaceOf(scope).name));
  }
  const missing = listed.filter(
    (incident) =>
      incident.status !== "Closed" &&
      severities.includes(incident.severity) &&
      (!isTagged(incident) || sawNothing(incident, deployment)),
  );
  const wanted = `open, not enriched or without any comment, of severity ${severities.join(", ")}`;
  console.log(
    `${counted(listed.length, "incident")} since ${instantText(since)}; ${missing.length} of them ${wanted}.`,
  );
  const rank = ({ severity }: ListedIncident) => severities.indexOf(severity);
  return missing.toSorted((a, b) => rank(a) - rank(b) || a.createdAt - b.createdAt);
}

/** Half the day of a provider that says what its key has left. */
interface Budget extends HalfOfDay {
  readonly title: string;
  readonly kinds: readonly IndicatorKind[];
}

async function budgetsOf({ providers }: Deployment): Promise<readonly Budget[]> {
  const budgets = providers.map(async ({ provider, standing }): Promise<readonly Budget[]> => {
    const { title, kinds } = provider;
    return standing ? [{ title, kinds, ...halfOfDay(provider, await standing()) }] : [];
  });
  return (await Promise.all(budgets)).flat();
}

/** Indicators by the title of the provider that will be asked about them. */
type Lookups = ReadonlyMap<string, ReadonlySet<string>>;

const merged = (a: Lookups, b: Lookups): Lookups =>
  new Map([...b].map(([title, asked]) => [title, new Set([...(a.get(title) ?? []), ...asked])]));

const countOf = (lookups: Lookups) => [...lookups.values()].reduce((sum, { size }) => sum + size, 0);

/** What will be asked about; an answer in the cache costs nothing. */
async function lookupsOf(
  { ref }: ListedIncident,
  { config, sentinel, watchlist }: Deployment,
  budgets: readonly Budget[],
): Promise<Attempt<Lookups>> {
  const entities = await createSentinelStore(sentinel).readEntities(ref);
  if (entities.kind !== "done") return entities;
  const { indicators } = indicatorsFrom(
    entities.value,
    withWatchlist(config.screening, await watchlist?.read(ref.scope)),
  );
  const lookups = budgets.map(({ title, kinds }): [string, ReadonlySet<string>] => {
    const asked = indicators.filter(({ kind }) => kinds.includes(kind));
    return [title, new Set(asked.map(({ kind, value }) => `${kind} ${value}`))];
  });
  return done(new Map(lookups));
}

function printStarted(incident: ListedIncident, lookups: number, started: Attempt<void>): void {
  const { number, severity, createdAt } = incident;
  const outcome =
    started.kind === "done" ? `started, ${counted(lookups, "new lookup")}` : `failed: ${started.reason}`;
  console.log(`${number}  ${severity.padEnd(13)}  ${instantText(createdAt)}  ${outcome}`);
}
