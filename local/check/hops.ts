import { createPlaybookRunner, type Playbook } from "../../clients/sentinel/playbook";
import { createSentinelStore } from "../../clients/sentinel/store";
import type { Attempt } from "../../domain/attempt";
import type { IncidentRef } from "../../domain/incident";
import type { Clock } from "../clock";
import type { Deployment } from "../deployment/deployment";

export interface HopsOptions {
  readonly clock: Clock;
  readonly deployment: Deployment;
  readonly incident: IncidentRef;
  readonly relay: Playbook;
  readonly waitSeconds: number;
  /** Tells of a hop, with its seconds since the start. */
  readonly say: (text: string) => void;
}

const pollMs = 2_000;

/**
 * Starts the relay on an incident and follows it to the comment and the tags, which come last. Ends with what is wrong,
 * for people; `undefined` when both came.
 */
export async function followIncident(options: HopsOptions): Promise<string | undefined> {
  const { clock, deployment, incident, relay, waitSeconds, say } = options;
  const sentinel = { ...deployment, endpoint: deployment.config.sentinelEndpoint };
  const store = createSentinelStore(sentinel);
  const look = async () => {
    const comments = read(await store.readComments(incident));
    // Nothing is sent when the tags stay as they are.
    const tags = read(await store.changeTags(incident, (present) => present));
    return { comments: comments.map(({ id }) => id), tags: tags === "conflict" ? [] : tags };
  };

  const before = await look();
  const isFirst = !before.tags.includes("enriched");
  read(await createPlaybookRunner(sentinel)(incident, relay));
  const startedAt = clock.now();
  say("Microsoft Sentinel has started the relay");
  let isTold = false;
  while (clock.now() < startedAt + waitSeconds * 1000) {
    await pause(clock, pollMs);
    const now = await look();
    const isCommented = now.comments.some((id) => !before.comments.includes(id));
    if (isCommented && !isTold) say("the comment is there");
    isTold ||= isCommented;
    if (now.tags.includes("enriched") && (isTold || isFirst)) {
      if (!isTold) say("no comment: there was nothing to look up (see COMMENT_WHEN)");
      say(`the tags are there: ${now.tags.join(", ")}`);
      return undefined;
    }
  }
  const missing = isTold ? "no tags" : "no comment";
  const again = isFirst
    ? ""
    : " It was enriched before: within 15 minutes there is no other run, and later none that comments unless something has changed.";
  return `There was ${missing} within ${waitSeconds} s. The relay's run history shows whether the app answered 202, the history of sentinel-${incident.incidentId} where the run is (docs/monitor.md).${again}`;
}

const pause = (clock: Clock, ms: number) =>
  new Promise<void>((resume) => {
    clock.alarm(clock.now() + ms, resume);
  });

function read<T>(attempt: Attempt<T>): T {
  if (attempt.kind === "done") return attempt.value;
  throw new Error(attempt.reason);
}
