import type { OrchestrationContext } from "durable-functions";
import type { PostCommentInput, PostedComment } from "../../activities/post-comment";
import type { MergeMet, TagIncidentInput } from "../../activities/tag-incident";
import type { Attempt } from "../../domain/attempt";
import type { FollowedMerge } from "../../domain/incident/incident";
import { defined } from "../../domain/json";
import { movedTo, type Place } from "../../domain/run/run";
import { call, type Step } from "../durable/call";
import { type Persisted, persist, sleepSeconds } from "../durable/timers";
import { conflictWaits } from "../waits";

/** What a run has commented so far, and in which incident. */
export interface Said {
  readonly place: Place;
  readonly posts: readonly PostCommentInput[];
  /** The incident has the maximum number of comments: something was not written. */
  readonly isFull?: boolean;
}

export function nothingSaid(place: Place): Said {
  return { place, posts: [] };
}

/**
 * Writes one comment to the incident or, after a merge, to the remaining one. If the comment is refused because of a
 * merge, all comments are repeated there. `first`: the result of a try that was already made. Throws if the comment could
 * not be written.
 */
export function* say(
  context: OrchestrationContext,
  before: Said,
  post: PostCommentInput,
  first?: Attempt<PostedComment>,
): Step<Said & { readonly posted: PostedComment }> {
  const input = { ...post, ...defined({ survivor: before.place.survivor }) };
  const posted = yield* persist(context, () => call(context, "postComment", input), { first });
  if (posted.kind === "done") {
    const isFull = before.isFull || posted.value.isFull;
    return { ...before, posts: [...before.posts, post], ...defined({ isFull }), posted: posted.value };
  }
  const merge = yield* mergeBehindRefusal(context, before.place);
  if (!merge?.survivor) throw new Error(`The comment could not be written: ${posted.reason}`);
  return yield* say(context, yield* sayThere(context, before, merge), post);
}

/** Repeats all comments on the remaining incident, if it is known. */
export function* sayThere(context: OrchestrationContext, said: Said, merge: FollowedMerge): Step<Said> {
  const place = movedTo(said.place, merge);
  if (place.lost) return { ...said, place };
  let there = nothingSaid(place);
  for (const post of said.posts) {
    const { posted: _posted, ...next } = yield* say(context, there, post);
    there = next;
  }
  return there;
}

function* mergeBehindRefusal(
  context: OrchestrationContext,
  { incident, lost }: Place,
): Step<FollowedMerge | undefined> {
  if (lost) return undefined;
  const read = yield* call(context, "fetchIncident", { incident, later: { sparingly: true } });
  return read.kind === "done" ? read.value.merge : undefined;
}

/**
 * Writes the tags, with a fresh read each time another writer came first, at most five times. If the incident was merged,
 * returns the merge and writes nothing.
 */
export function* writeTags(
  context: OrchestrationContext,
  input: TagIncidentInput,
): Step<Persisted<readonly string[] | MergeMet>> {
  for (const wait of conflictWaits) {
    const tagged = yield* persist(context, () => call(context, "tagIncident", input));
    if (tagged.kind === "refused") return tagged;
    if (tagged.value !== "conflict") return { kind: "done", value: tagged.value };
    yield* sleepSeconds(context, wait);
  }
  return {
    kind: "refused",
    reason: `the incident was changed by others during each of ${conflictWaits.length} tries`,
  };
}

export function isMerge(written: readonly string[] | MergeMet): written is MergeMet {
  return "merge" in written;
}
