import type { OrchestrationContext } from "durable-functions";
import type { PostCommentInput, PostedComment } from "../../activities/post-comment";
import type { Attempt } from "../../domain/attempt";
import type { FollowedMerge } from "../../domain/incident/incident";
import { defined } from "../../domain/json";
import { movedTo, type Place } from "../../domain/run/place";
import { call, type Step } from "../durable/call";
import { persist } from "../durable/persist";

/** What a run has commented so far, and where. */
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
 * Writes one comment where the incident lives. One that is refused may be so because of a merge: then everything is said
 * in the incident that took over. `first`: a try that was made already. Throws when it could not be written.
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

/** Says everything once more in the incident that took over; nothing where that one is unknown. */
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
