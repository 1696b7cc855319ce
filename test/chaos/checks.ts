import { convert } from "html-to-text";
import { incidentFrom } from "../../clients/sentinel/arm-id";
import type { IncidentRef } from "../../domain/incident/incident";
import { defangHost } from "../../domain/indicators/defang";
import { commentIdFor } from "../../domain/run/own-comments";
import type { RunInput, RunOutput } from "../../domain/run/run";
import { type Verdict, worstOf } from "../../domain/verdict";
import { localKeys } from "../../local/simulators/services";
import { checkRows } from "./check-rows";
import { checkGroup } from "./merge-checks";
import { groupsOf } from "./merges";
import type { PlannedMerge, Raised, World } from "./world";

export interface Observed {
  readonly world: World;
  readonly incidents: readonly Raised[];
  readonly merges: readonly PlannedMerge[];
  /** No call failed but readings of entities and of the quota. */
  readonly isQuiet: boolean;
}

export interface RunSeen {
  readonly runtimeStatus: string;
  readonly input: RunInput;
  readonly output: RunOutput;
}

/** Everything that must hold whatever happened, as sentences about what does not. */
export async function checkAll(observed: Observed): Promise<readonly string[]> {
  const { world, incidents } = observed;
  const problems = [...(await checkSecrets(world))];
  for (const { living: incident, members } of groupsOf(world, incidents)) {
    const ref = refOf(incident);
    const run = await runOf(world, ref);
    const runs = await Promise.all(members.map((member) => runOf(world, refOf(member))));
    const checked = () =>
      members.length > 1
        ? [
            ...checkGroup(world, { living: incident, members, run, runs, merges: observed.merges }),
            ...runs.flatMap((each, i) => checkRows(world, refOf(members[i] ?? incident), each)),
          ]
        : [
            ...checkIncident(world, incident, ref, run),
            ...(observed.isQuiet ? checkPromptness(world, incident) : []),
          ];
    const found =
      run.runtimeStatus === "Completed"
        ? checked()
        : [`ended as ${run.runtimeStatus}: ${JSON.stringify(run.output)}`];
    if (process.env.CHAOS_SHOW !== undefined && found.length > 0) {
      const { comments, tags } = world.services.sentinel.incident(incident.armId);
      console.dir({ found, run, tags, comments, settings: world.settings, log: world.log }, { depth: 8 });
    }
    problems.push(...found.map((problem) => `incident ${ref.incidentId}: ${problem}`));
  }
  return problems;
}

function refOf({ armId }: Raised): IncidentRef {
  const ref = incidentFrom(armId);
  if (!ref) throw new Error("The simulator gave an id that is none.");
  return ref;
}

async function runOf({ host }: World, { incidentId }: IncidentRef): Promise<RunSeen> {
  const response = await fetch(
    `${host.origin}/runtime/webhooks/durabletask/instances/sentinel-${incidentId}`,
  );
  return (await response.json()) as RunSeen;
}

function checkIncident(world: World, incident: Raised, ref: IncidentRef, run: RunSeen): string[] {
  const { comments, tags, writes } = world.services.sentinel.incident(incident.armId);
  return [
    ...(writes.comments === comments.length ? [] : ["a comment was written over"]),
    ...(incident.tagsOfOthers.every((tag) => tags.includes(tag)) ? [] : ["another writer's tag is gone"]),
    ...checkVerdicts(incident, run.output),
    ...checkComments(world, ref, run, comments),
    ...checkAddition(incident, run.output, comments),
    ...checkTags(world, incident, run, comments, tags),
    ...checkRows(world, ref, run),
  ];
}

/** Equal ones are one, as in an incident that another was merged into. */
const unreadableIn = (items: Raised["items"]) =>
  new Set(items.filter((item) => item.unreadable).map(({ entities }) => JSON.stringify(entities))).size;

/** Every indicator is accounted for; nothing is called clean or bad that no provider called so. */
export function checkVerdicts({ items }: Raised, output: RunOutput): string[] {
  const { indicators, malicious, suspicious, unknown, clean, notChecked, findings } = output;
  const wanted = items.filter(({ values }) => values.length > 0);
  const itemOf = (found: string) => wanted.find(({ values }) => values.includes(found));
  const unreadable = unreadableIn(items);
  const problems: string[] = [];
  if (notChecked < unreadable) problems.push("what could not be read is not counted");
  if (malicious + suspicious + unknown + clean !== indicators || findings.length !== indicators)
    problems.push("the counts do not add up");
  for (const { values, entities } of wanted) {
    const rows = findings.filter(({ value }) => values.includes(value)).length;
    // Without an answer it is not known which hashes are of one file.
    if (rows < 1 || rows > (notChecked > unreadable ? entities.length : 1))
      problems.push(`${values[0]} is in ${rows} findings`);
  }
  for (const { value, verdict } of findings) {
    const real = itemOf(value)?.verdict;
    const isAllowed = verdict === real || (notChecked > 0 && verdict === "unknown");
    if (!isAllowed && !(notChecked > 0 && real === "malicious" && verdict === "suspicious"))
      problems.push(`${value} is called ${verdict}, and is ${real}`);
  }
  return problems;
}

type Comments = readonly { readonly id: string; readonly html: string }[];

export const deliveriesIn = (html: string) =>
  [...html.matchAll(/delivery ([0-9a-f]{16})/g)].map(([, id]) => id);

/** Exactly the comments that the runs say they wrote, and addenda that each bring another triage. */
function checkComments(
  { settings }: World,
  ref: IncidentRef,
  { input, output }: RunSeen,
  comments: Comments,
): string[] {
  const problems: string[] = [];
  const first = commentIdFor(ref, output.run, "first");
  const isDue =
    settings.COMMENT_WHEN === "always" ||
    output.indicators > 0 ||
    output.notChecked > 0 ||
    output.deliveryId !== undefined;
  // A later run comments only on what has changed.
  if (!input.previous && comments.filter(({ id }) => id === first).length !== (isDue ? 1 : 0))
    problems.push("not exactly one first comment");
  const ofRun = [first, commentIdFor(ref, output.run, "update")].filter((id) =>
    comments.some((comment) => comment.id === id),
  );
  if (JSON.stringify(ofRun) !== JSON.stringify(output.commentIds))
    problems.push("the output names other comments");
  const ofRuns = [...(input.previous?.commentIds ?? []), ...ofRun];
  for (const { id, html } of comments) {
    if (!ofRuns.includes(id) && deliveriesIn(html).length !== 1)
      problems.push(`comment ${id} belongs to no run`);
  }
  for (const id of ofRuns)
    if (!comments.some((comment) => comment.id === id)) problems.push(`comment ${id} is missing`);
  const deliveries = comments.flatMap(({ html }) => deliveriesIn(html));
  if (deliveries.length > 1) problems.push("a triage was reported twice");
  if (settings.INTEZER_ALERTS === "submit" && output.alertId !== undefined && deliveries.length === 0) {
    problems.push("a triage was never reported");
  }
  return problems;
}

/** A threat that comes late is in a comment; what is unknown or not checked may be counted there only. */
function checkAddition({ addition, items }: Raised, { notChecked }: RunOutput, comments: Comments): string[] {
  const [value] = addition?.item.values ?? [];
  const isShown = (host: string) =>
    comments.some(({ html }) => convert(html, { wordwrap: false }).includes(defangHost(host)));
  const isCounted = addition?.item.verdict !== "malicious" || notChecked > unreadableIn(items);
  if (value === undefined || isCounted || isShown(value)) return [];
  return [`${value} came late and is in no comment`];
}

/** Milliseconds from the first comment to the first tags, where nothing fails but other readings: conflicts included. */
const longestUntilTags = 30_000;

/** A second reading that fails delays nothing. */
function checkPromptness({ services }: World, { armId }: Raised): string[] {
  const id = armId.split("/").at(-1) ?? "";
  const writes = services.sentinel.requests.filter(
    ({ method, path }) => method === "PUT" && path.includes(id),
  );
  const commentedAt = writes.find(({ path }) => path.includes("/comments/"))?.at;
  const taggedAt = writes.find(({ path }) => path.endsWith(id))?.at;
  if (commentedAt === undefined || taggedAt === undefined) return [];
  const waited = taggedAt - commentedAt;
  return waited > longestUntilTags ? [`tagged ${waited / 1000} s after the comment`] : [];
}

const verdictOfTag: Readonly<Record<string, Verdict>> = {
  "threat-found": "malicious",
  "threat-suspected": "suspicious",
  "verdict-unknown": "unknown",
  "no-known-threat": "clean",
};

export const verdictsIn = (tags: readonly string[]) => tags.flatMap((tag) => verdictOfTag[tag] ?? []);

/** The tags say what the comments say, and no other tag is gone. */
function checkTags(
  { settings }: World,
  { items }: Raised,
  { input, output }: RunSeen,
  comments: Comments,
  tags: readonly string[],
): string[] {
  const problems: string[] = [];
  const isTriaged = comments.some(({ html }) => deliveriesIn(html).length > 0);
  const verdict = worstOf(isTriaged ? [output.verdict, "malicious"] : [output.verdict]);
  const shown = verdictsIn(tags);
  // What an earlier run has found stays when a later one cannot check it.
  const isKept =
    input.previous !== undefined &&
    shown[0] === "malicious" &&
    items.some((item) => item.verdict === shown[0]);
  if (!tags.includes("enriched")) problems.push("the tag enriched is missing");
  if (shown.includes("clean") && unreadableIn(items) > 0)
    problems.push("tagged as no known threat beside something unreadable");
  if (shown.length !== 1 || (shown[0] !== verdict && !isKept))
    problems.push(`tagged ${shown.join(" and ")}, and is ${verdict}`);
  const isIncomplete = tags.includes("enrichment-incomplete");
  // The alert of a submission whose answer was lost is unknown: a later run does not know that its triage is here.
  const mayWait = settings.INTEZER_ALERTS === "submit" && (!isTriaged || output.alertId === undefined);
  if (!mayWait && isIncomplete !== output.notChecked > 0)
    problems.push(`incomplete is ${isIncomplete}, not checked are ${output.notChecked}`);
  return problems;
}

async function checkSecrets({ host, services, log }: World): Promise<string[]> {
  const list = `${host.origin}/runtime/webhooks/durabletask/instances`;
  const instances = (await (await fetch(list)).json()) as { instanceId: string }[];
  const histories = await Promise.all(
    instances.map(async ({ instanceId }) =>
      (await fetch(`${list}/${instanceId}?showHistory=true&showHistoryOutput=true`)).text(),
    ),
  );
  const comments = services.sentinel.requests
    .filter(({ method }) => method === "PUT")
    .map(({ body }) => body);
  const rows = services.logIngestion.requests.map(({ body }) => body);
  const all = [...histories, ...comments, ...rows, ...log].join("\n");
  return [...Object.values(localKeys), "Bearer "]
    .filter((secret) => all.includes(secret))
    .map((secret) => `a secret leaked: ${secret}`);
}
