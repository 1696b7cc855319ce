import type { OrchestrationContext } from "durable-functions";
import type { PostAddendumInput, PostedAddendum } from "../../activities/post-addendum";
import type { TagIncidentInput } from "../../activities/tag-incident";
import { defined } from "../../domain/json";
import { movedTo, type Place } from "../../domain/run/run";
import { call, type Step } from "../durable/call";
import { persist } from "../durable/persist";
import { isMerge, writeTags } from "./write-tags";

/** An addendum, and where it belongs. */
export interface Addendum {
  readonly input: PostAddendumInput;
  readonly place: Place;
}

type Tags = Pick<TagIncidentInput, "tags" | "rule">;

/** Writes the addendum to the incident, or to the one that took it over. Throws when it could not be written. */
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
 * Writes the tags where the addendum is. In an incident that took over it is not known here whether all its other
 * parts are there. Where they meet a merge, the addendum is written once more.
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
  // It reads the incident itself, and so goes where this one has gone.
  return yield* tagAddendum(context, yield* postAddendum(context, addendum), { tags, rule });
}
