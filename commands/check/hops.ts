import { createSentinelStore } from "../../clients/sentinel/store";
import type { Attempt } from "../../domain/attempt";
import type { IncidentRef } from "../../domain/incident/incident";
import type { Clock } from "../../local/clock";
import { doneOrThrow } from "../command-line";
import type { Deployment } from "../deployment/deployment";
import { createPlaybookRunner, type Playbook } from "../deployment/playbook";
import { createResourceManager } from "../deployment/resource-manager";
import { readRelayRuns } from "./relay";

/** The incident to follow, the relay to start, and how long to wait. */
export interface Followed {
  readonly incident: IncidentRef;
  readonly relay: Playbook;
  readonly waitSeconds: number;
}

interface HopsOptions extends Followed {
  readonly clock: Clock;
  readonly deployment: Deployment;
  /** Prints a hop; adds the time since the start. */
  readonly say: (text: string) => void;
}

/** Sentinel allows at least 100 reads of comments in five minutes; the app makes some of them. */
const pollMs = 5_000;

/**
 * Starts the relay on an incident and waits for the comment and then the tags. Returns what went wrong, for people;
 * `undefined` when both came. Throws when the relay cannot be started.
 */
export async function followIncident(options: HopsOptions): Promise<string | undefined> {
  const { clock, deployment, incident, relay, waitSeconds, say } = options;
  const { sentinel } = deployment;
  const readIncident = createReader(sentinel, incident);
  const relayStatus = await watchRelay(deployment, relay);
  const before = doneOrThrow(await readIncident());
  const isFirst = !before.tags.includes("enriched");
  doneOrThrow(await createPlaybookRunner(sentinel)(incident, relay));
  say("Microsoft Sentinel has started the relay");

  const until = clock.now() + waitSeconds * 1000;
  const reported = new Set<string>();
  const report = (hop: string) => {
    if (!reported.has(hop)) say(hop);
    reported.add(hop);
  };
  while (clock.now() < until) {
    await pause(clock, pollMs);
    const status = reported.has(handedOn) ? undefined : await relayStatus();
    if (status === "Failed") return relayFailed;
    if (status === "Succeeded") report(handedOn);
    const now = await readIncident();
    if (now.kind !== "done") continue;
    const { comments, tags } = now.value;
    const isCommented = comments.some((id) => !before.comments.includes(id));
    if (isCommented) report(commented);
    if (tags.includes("enriched") && (isCommented || isFirst)) {
      if (!isCommented) report("no comment: there was nothing to look up (see COMMENT_WHEN)");
      report(`the tags were written: ${tags.join(", ")}`);
      return undefined;
    }
  }
  const missing = reported.has(commented) ? "no tags" : "no comment";
  return `There was ${missing} within ${waitSeconds} s. ${whereToLook(incident)}${isFirst ? "" : enrichedBefore}`;
}

const handedOn = "the relay has passed the incident to the app";
const commented = "the comment was written";

interface IncidentState {
  /** Ids. */
  readonly comments: readonly string[];
  readonly tags: readonly string[];
}

function createReader(
  sentinel: Deployment["sentinel"],
  incident: IncidentRef,
): () => Promise<Attempt<IncidentState>> {
  const store = createSentinelStore(sentinel);
  return async () => {
    const comments = await store.readComments(incident);
    if (comments.kind !== "done") return comments;
    const read = await store.readIncident(incident);
    if (read.kind !== "done") return read;
    const { tags = [] } = read.value;
    return { kind: "done", value: { comments: comments.value.map(({ id }) => id), tags } };
  };
}

/**
 * Reads the status of the relay's run that begins from now on, as long as it is the only one: then it is this
 * incident's. Without the right to read runs there is none, which is no failure: comment and tags are what counts.
 */
async function watchRelay(
  deployment: Deployment,
  { id }: Playbook,
): Promise<() => Promise<string | undefined>> {
  const azure = createResourceManager(deployment);
  const readRuns = async () => {
    const runs = await readRelayRuns(azure, id);
    return runs.kind === "done" ? runs.value : [];
  };
  const before = new Set((await readRuns()).map(({ name }) => name));
  return async () => {
    const [run, ...others] = (await readRuns()).filter(({ name }) => !before.has(name));
    return others.length === 0 ? run?.status : undefined;
  };
}

const relayFailed =
  "The relay's run failed: its run history shows what the app, or the platform before it, answered.";

const whereToLook = ({ incidentId }: IncidentRef) =>
  `The relay's run history shows whether the app answered 202; the history of sentinel-${incidentId} shows how far the run is (docs/monitor.md).`;

const enrichedBefore =
  " It was enriched before: no other run starts within 15 minutes, and a later run comments only on changes.";

const pause = (clock: Clock, ms: number) =>
  new Promise<void>((resume) => {
    clock.alarm(clock.now() + ms, resume);
  });
