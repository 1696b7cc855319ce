import type { OrchestrationContext } from "durable-functions";
import type { OfferTriageInput, RunView } from "../activities/offer-triage";
import type { PostedAddendum } from "../activities/post-addendum";
import { sameIncident } from "../domain/incident/incident";
import { defined } from "../domain/json";
import { tagsForTriage } from "../domain/report/tags";
import { deliveryIdOf, type Triaged } from "../domain/report/triage";
import { placeOf } from "../domain/run/place";
import type { Delivery, DeliveryInput } from "../domain/run/run";
import { call, type Step } from "./durable/call";
import { now, sleepSeconds, sleepUntil } from "./durable/clock";
import { log } from "./durable/log";
import { type Persisted, persist } from "./durable/persist";
import { pollInstancePrefix, runInstanceId, triagedEvent } from "./names";
import { incidentOfDelivery } from "./steps/incident-of-delivery";
import { startAddendumResults } from "./steps/start-results";
import { type Addendum, postAddendum, tagAddendum } from "./steps/write-addendum";
import { backoff, laterPolls, pollTimes, runWaits, unknownAlertWaits, unreachableFor } from "./waits";

/** How a delivery ended; the reason is for operators. */
export interface DeliveryOutput {
  readonly ended: "inComment" | "addendum" | "alreadyThere" | "dropped";
  readonly deliveryId?: string;
  readonly reason?: string;
  /** The addendum's HTML and its tags, only in a dry run. */
  readonly comment?: string;
  readonly tags?: readonly string[];
}

/**
 * Shows one triage to analysts, once: in the comment of the run that still waits for it, or else in an addendum. Started
 * by Intezer's webhook and by the run that submitted the alert; the triage itself is read from Intezer's API.
 */
export function* deliverTriage(context: OrchestrationContext): Step<DeliveryOutput> {
  const input = context.df.getInput<DeliveryInput>() as DeliveryInput;
  const read = yield* readWhenTriaged(context, input);
  if (read.kind === "refused") return dropped(context, input, read.reason);
  const found = yield* incidentOfDelivery(context, input, read.value);
  if (found.kind === "refused") return dropped(context, input, found.reason);
  const delivery: Delivery = { ...input, incident: found.value };
  const { triage } = read.value;
  const deliveryId = deliveryIdOf(triage);

  const offer: OfferTriageInput = {
    runInstanceId: runInstanceId(found.value.incidentId),
    pollInstancePrefix: pollInstancePrefix(found.value.incidentId),
    eventName: triagedEvent,
    triage,
    isTrusted: isTrusted(delivery, read.value),
  };
  const offered = yield* offerWhereItLives(context, { delivery, offer, deliveryId });
  const { run } = offered;
  if (!run.isOurs)
    return dropped(context, delivery, "the alert does not belong to this incident", deliveryId);
  if (run.deliveryId === deliveryId) return { ended: "inComment", deliveryId };
  return yield* writeAddendum(context, offered);
}

interface Offer {
  readonly delivery: Delivery;
  readonly offer: OfferTriageInput;
  readonly deliveryId: string;
  /** Number of the incident that the triage is about, if it was merged. */
  readonly about?: number;
}

interface Offered extends Offer {
  readonly run: RunView;
}

const mostMerges = 5;

/** Offers the triage to the incident's run or, after a merge, to that of the remaining incident. */
function* offerWhereItLives(context: OrchestrationContext, given: Offer, merges = 0): Step<Offered> {
  const { delivery, offer, deliveryId, about } = given;
  const run = yield* offerToRun(context, offer, deliveryId);
  const isSaid = !run.isOurs || run.deliveryId === deliveryId;
  if (isSaid || run.mergedInto === undefined || merges >= mostMerges) return { ...given, run };
  const { incidentId, from } = run.mergedInto;
  const next: Offer = {
    delivery: { ...delivery, incident: { ...delivery.incident, incidentId } },
    offer: {
      ...offer,
      runInstanceId: runInstanceId(incidentId),
      pollInstancePrefix: pollInstancePrefix(incidentId),
      isTrusted: true,
    },
    deliveryId,
    about: about ?? from,
  };
  return yield* offerWhereItLives(context, next, merges + 1);
}

function dropped(
  context: OrchestrationContext,
  input: DeliveryInput | Delivery,
  reason: string,
  deliveryId?: string,
): DeliveryOutput {
  const { alertId } = input;
  const about =
    "incident" in input ? { incidentId: input.incident.incidentId } : { vendorAlertId: input.vendorAlertId };
  log(context, "Dropped a triage", { ...about, alertId, reason });
  return { ended: "dropped", reason, ...defined({ deliveryId }) };
}

/**
 * Reads the alert until Intezer has triaged it; refused if waiting no longer makes sense. Throws if the alert cannot be
 * read: the delivery fails, operators are alerted, and the same webhook may be delivered again.
 */
function* readWhenTriaged(
  context: OrchestrationContext,
  { alertId, source, until }: DeliveryInput,
): Step<Persisted<Triaged>> {
  const startedAt = now(context);
  const times = [...pollTimes];
  const unknownWaits = [...unknownAlertWaits];
  let seconds = 0;
  const nextPoll = () => {
    seconds = times.shift() ?? seconds + laterPolls;
    return startedAt + seconds * 1000;
  };

  if (source === "poll") yield* sleepUntil(context, nextPoll());
  for (;;) {
    const giveUpAt = now(context) + unreachableFor * 1000;
    const read = yield* persist(context, () => call(context, "readAlert", { alertId }), { until: giveUpAt });
    if (read.kind === "refused") {
      log(context, "Left an alert unread", { alertId, cause: read.cause });
      throw new Error(`The alert could not be read: ${read.reason}`);
    }
    if (read.value.kind === "triaged") return { kind: "done", value: read.value };
    if (read.value.kind === "notKnown") {
      const wait = unknownWaits.shift();
      if (wait === undefined) return { kind: "refused", reason: "Intezer does not know the alert" };
      yield* sleepSeconds(context, wait);
      continue;
    }
    const next = nextPoll();
    if (next > until)
      return { kind: "refused", reason: "Intezer had not triaged the alert before the deadline" };
    yield* sleepUntil(context, next);
  }
}

/**
 * Raises the event, once, at a run that has not yet written its comment, and waits until the comment is written, because
 * a run that has taken the triage may still fail. Returns the run as last seen; stops waiting after twelve hours.
 */
function* offerToRun(
  context: OrchestrationContext,
  offer: OfferTriageInput,
  deliveryId: string,
): Step<RunView> {
  const giveUpAt = now(context) + runWaits.for * 1000;
  const waits = backoff(runWaits);
  let offeredTo: number | undefined;
  for (;;) {
    const run = yield* call(context, "offerTriage", {
      ...offer,
      ...defined({ offeredTo }),
    });
    offeredTo = run.offeredTo;
    const hasTaken = run.isOurs && run.deliveryId === deliveryId;
    const isDecided = run.state === "writing" ? !hasTaken : !["pending", "before"].includes(run.state);
    if (isDecided) return run;
    if (now(context) >= giveUpAt) return { state: "past", isOurs: run.isOurs };
    yield* sleepSeconds(context, waits.next().value);
  }
}

/**
 * A webhook is only a hint: either the incident's run must have submitted the alert, which `offerTriage` checks, or the
 * alert itself must name the incident, or Microsoft Sentinel must have linked the two.
 */
function isTrusted(input: Delivery, { incident }: Triaged): boolean {
  return input.source !== "webhook" || (incident !== undefined && sameIncident(incident, input.incident));
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

/** Writes the comment, then the tags; a dry run writes neither, and shows them in its output. */
function* writeAddendum(context: OrchestrationContext, offered: Offered): Step<DeliveryOutput> {
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
