import type { OrchestrationContext } from "durable-functions";
import type { OfferTriageInput, RunView } from "../../activities/deliver-triage";
import type { PostAddendumInput, PostedAddendum } from "../../activities/post-addendum";
import type { TagIncidentInput } from "../../activities/tag-incident";
import { defined } from "../../domain/json";
import { tagsForTriage } from "../../domain/report/tags";
import { type Delivery, movedTo, type Place, placeOf } from "../../domain/run/run";
import { call, type Step } from "../durable/call";
import { now, persist, sleepSeconds } from "../durable/timers";
import { backoff, runWaits } from "../waits";
import { startAddendumResults } from "./results";
import { isMerge, writeTags } from "./say";

/** How a delivery ended; the reason is for operators. */
export interface DeliveryOutput {
  readonly ended: "inComment" | "addendum" | "alreadyThere" | "dropped";
  readonly deliveryId?: string;
  readonly reason?: string;
  /** The addendum's HTML and its tags, only in a dry run. */
  readonly comment?: string;
  readonly tags?: readonly string[];
}

export interface Offer {
  readonly delivery: Delivery;
  readonly offer: OfferTriageInput;
  readonly deliveryId: string;
  /** Number of the incident that the triage is about, if it was merged. */
  readonly about?: number;
}

export interface Offered extends Offer {
  readonly run: RunView;
}

/** Writes the comment, then the tags; a dry run writes neither, and shows them in its output. */
export function* writeAddendum(context: OrchestrationContext, offered: Offered): Step<DeliveryOutput> {
  const { delivery, offer, deliveryId, about, run } = offered;
  const { incident, dryRun, sendsResults } = delivery;
  const { triage } = offer;
  const { posted, ...addendum } = yield* postAddendum(context, {
    place: placeOf(incident),
    input: {
      incident,
      triage,
      deliveryId,
      instanceId: context.df.instanceId,
      at: now(context),
      dryRun,
      ...defined({ about }),
    },
  });
  const { answer, comment } = posted;
  if (!dryRun) yield* tagAround(context, addendum, offer, run);
  if (sendsResults && !dryRun && posted.incident) {
    const { number, verdict } = posted.incident;
    yield* startAddendumResults(context, {
      incident: addendum.place.incident,
      number,
      instanceId: context.df.instanceId,
      triage,
      deliveryId,
      at: addendum.input.at,
      ...defined({ run: run.run, before: verdict }),
    });
  }
  const shown = comment === undefined ? {} : { comment, tags: tagsForTriage(triage) };
  return { ...endOf[answer], deliveryId, ...shown };
}

const endOf: Readonly<Record<PostedAddendum["answer"], Omit<DeliveryOutput, "deliveryId">>> = {
  written: { ended: "addendum" },
  alreadyThere: { ended: "alreadyThere" },
  merged: { ended: "dropped", reason: "the incident was merged into another" },
  dryRun: { ended: "dropped", reason: "a dry run writes nothing" },
  full: {
    ended: "dropped",
    reason: "the incident already has the maximum number of comments; its tags show the verdict",
  },
};

/** Writes the tags at once and, since the run may overwrite them, again when the run has ended. */
function* tagAround(
  context: OrchestrationContext,
  addendum: Addendum,
  offer: OfferTriageInput,
  seen: RunView,
): Step<void> {
  const tags = tagsForTriage(offer.triage);
  let there = addendum;
  if (seen.state !== "ended") there = yield* tagAddendum(context, there, { tags, rule: "raise" });
  const run = yield* whenEnded(context, offer, seen);
  if (run.state !== "ended") return;
  const rule = run.notChecked === 0 ? "complete" : "raise";
  yield* tagAddendum(context, there, { tags, rule });
}

function* whenEnded(context: OrchestrationContext, offer: OfferTriageInput, seen: RunView): Step<RunView> {
  const giveUpAt = now(context) + runWaits.for * 1000;
  const waits = backoff(runWaits);
  let run = seen;
  while (run.state !== "ended" && run.state !== "absent" && now(context) < giveUpAt) {
    yield* sleepSeconds(context, waits.next().value);
    run = yield* call(context, "offerTriage", { ...offer, onlyLook: true });
  }
  return run;
}

/** An addendum, and where it belongs. */
interface Addendum {
  readonly input: PostAddendumInput;
  readonly place: Place;
}

type Tags = Pick<TagIncidentInput, "tags" | "rule">;

/** Writes the addendum to the incident or, after a merge, to the remaining one. Throws if it could not be written. */
function* postAddendum(
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
function* tagAddendum(
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
