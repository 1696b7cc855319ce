import { createPlaybookRunner, type Playbook } from "../../clients/sentinel/playbook";
import { createSentinelStore } from "../../clients/sentinel/store";
import type { Attempt } from "../../domain/attempt";
import type { IncidentRef } from "../../domain/incident/incident";
import type { Clock } from "../../local/clock";
import type { Deployment } from "../deployment/deployment";
import { doneOrThrow } from "../done-or-throw";
import { relayRuns } from "./relay-runs";

/** What is followed, with which relay and how long. */
export interface Followed {
  readonly incident: IncidentRef;
  readonly relay: Playbook;
  readonly waitSeconds: number;
}

interface HopsOptions extends Followed {
  readonly clock: Clock;
  readonly deployment: Deployment;
  /** Tells of a hop, with its seconds since the start. */
  readonly say: (text: string) => void;
}

/** Sentinel promises 100 reads of comments in five minutes, and the app makes some too. */
const pollMs = 5_000;

/**
 * Starts the relay on an incident and follows it to the comment and the tags, which come last. Ends with what is wrong,
 * for people; `undefined` when both came. Throws what keeps it from beginning.
 */
export async function followIncident(options: HopsOptions): Promise<string | undefined> {
  const { clock, deployment, incident, relay, waitSeconds, say } = options;
  const { sentinel } = deployment;
  const look = createLook(sentinel, incident);
  const relayStatus = await watchRelay(deployment, relay);
  const before = doneOrThrow(await look());
  const isFirst = !before.tags.includes("enriched");
  doneOrThrow(await createPlaybookRunner(sentinel)(incident, relay));
  say("Microsoft Sentinel has started the relay");

  const until = clock.now() + waitSeconds * 1000;
  const told = new Set<string>();
  const tell = (hop: string) => {
    if (!told.has(hop)) say(hop);
    told.add(hop);
  };
  while (clock.now() < until) {
    await pause(clock, pollMs);
    const status = told.has(handedOn) ? undefined : await relayStatus();
    if (status === "Failed") return relayFailed;
    if (status === "Succeeded") tell(handedOn);
    const now = await look();
    if (now.kind !== "done") continue;
    const { comments, tags } = now.value;
    const isCommented = comments.some((id) => !before.comments.includes(id));
    if (isCommented) tell(commented);
    if (tags.includes("enriched") && (isCommented || isFirst)) {
      if (!isCommented) tell("no comment: there was nothing to look up (see COMMENT_WHEN)");
      tell(`the tags are there: ${tags.join(", ")}`);
      return undefined;
    }
  }
  const missing = told.has(commented) ? "no tags" : "no comment";
  return `There was ${missing} within ${waitSeconds} s. ${whereToLook(incident)}${isFirst ? "" : enrichedBefore}`;
}

const handedOn = "the relay has handed the incident to the app";
const commented = "the comment is there";

interface Look {
  /** Ids. */
  readonly comments: readonly string[];
  readonly tags: readonly string[];
}

function createLook(sentinel: Deployment["sentinel"], incident: IncidentRef): () => Promise<Attempt<Look>> {
  const store = createSentinelStore(sentinel);
  return async () => {
    const comments = await store.readComments(incident);
    if (comments.kind !== "done") return comments;
    // Nothing is sent when the tags stay as they are.
    const tags = await store.changeTags(incident, (present) => present);
    if (tags.kind !== "done") return tags;
    const present = tags.value === "conflict" ? [] : tags.value;
    return { kind: "done", value: { comments: comments.value.map(({ id }) => id), tags: present } };
  };
}

/** Tells how the relay's run stands that begins from now on, as long as it is alone: then it is this incident's. */
async function watchRelay(
  deployment: Deployment,
  { id }: Playbook,
): Promise<() => Promise<string | undefined>> {
  const before = new Set((await relayRuns(deployment, id)).map(({ name }) => name));
  return async () => {
    const [run, ...others] = (await relayRuns(deployment, id)).filter(({ name }) => !before.has(name));
    return others.length === 0 ? run?.status : undefined;
  };
}

const relayFailed =
  "The relay's run failed: its run history shows what the app, or the platform before it, answered.";

const whereToLook = ({ incidentId }: IncidentRef) =>
  `The relay's run history shows whether the app answered 202, the history of sentinel-${incidentId} where the run is (docs/monitor.md).`;

const enrichedBefore =
  " It was enriched before: within 15 minutes there is no other run, and later none that comments unless something has changed.";

const pause = (clock: Clock, ms: number) =>
  new Promise<void>((resume) => {
    clock.alarm(clock.now() + ms, resume);
  });
