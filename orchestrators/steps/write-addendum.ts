import type { OrchestrationContext } from "durable-functions";
import type { PostAddendumInput, PostedAddendum } from "../../activities/post-addendum";
import type { TagIncidentInput } from "../../activities/tag-incident";
import { defined } from "../../domain/json";
import { movedTo, type Place } from "../../domain/run/place";
import { call, type Step } from "../durable/call";
import { persist } from "../durable/persist";
import { isMerge, writeTags } from "./write-tags";

/** An addendum, and where it belongs. */
export interface Addendum {
  readonly input: PostAddendumInput;
  readonly place: Place;
}

type Tags = Pick<TagIncidentInput, "tags" | "rule">;

/** Writes the addendum to the incident or, after a merge, to the remaining one. Throws if it could not be written. */
export function* postAddendum(
  context: OrchestrationContext,
  addendum: Addendum,
): Step<Addendum & { readonly posted: PostedAddendum }> {
  const { input, place } = addendum;
  const posted = yield* persist(context, () => call(context, "postAddendum", input));
  if (posted.kind === "refused") throw new Error(`The addendum could not be written: ${posted.reason}`);
  const { merge, number } = posted.value;
  if (!merge) return { ...addendum, posted: posted.value };
  const next = movedTo(place, merge);
  const about = input.about ?? number;
  return yield* postAddendum(context, {
    place: next,
    input: next.lost
      ? { ...input, evenMerged: true }
      : { ...input, place: next.incident, ...defined({ about }) },
  });
}

/**
 * Writes the tags to the incident that has the addendum. If that is the remaining incident of a merge, it is unknown
 * whether its other parts are complete. If the incident turns out to be merged, the addendum is written again there.
 */
export function* tagAddendum(
  context: OrchestrationContext,
  addendum: Addendum,
  { tags, rule }: Tags,
): Step<Addendum> {
  const { incident, survivor, lost } = addendum.place;
  const tagged = yield* writeTags(context, {
    incident,
    tags,
    rule: survivor ? "raise" : rule,
    ...(lost ? { evenMerged: true } : {}),
  });
  if (tagged.kind === "refused") throw new Error(`The tags could not be written: ${tagged.reason}`);
  if (!isMerge(tagged.value)) return addendum;
  // It reads the incident itself, and so follows the merge.
  return yield* tagAddendum(context, yield* postAddendum(context, addendum), { tags, rule });
}
