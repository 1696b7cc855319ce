import type { OrchestrationContext } from "durable-functions";
import type { OfferTriageInput, RunView } from "../activities/offer-triage";
import type { PostedAddendum } from "../activities/post-addendum";
import { type IncidentRef, sameIncident } from "../domain/incident/incident";
import { defined } from "../domain/json";
import { type TagRule, tagsForTriage } from "../domain/report/tags";
import { deliveryIdOf, type Triage, type Triaged } from "../domain/report/triage";
import type { Delivery, DeliveryInput } from "../domain/run/run";
import { call, type Step } from "./durable/call";
import { now, sleepSeconds, sleepUntil } from "./durable/clock";
import { log } from "./durable/log";
import { type Persisted, persist } from "./durable/persist";
import { pollInstancePrefix, runInstanceId, triagedEvent } from "./names";
import { incidentOfDelivery } from "./steps/incident-of-delivery";
import { writeTags } from "./steps/write-tags";
import { backoff, laterPolls, pollTimes, runWaits, unknownAlertWaits, unreachableFor } from "./waits";

/** How a delivery ended; the reason is for operators. */
export interface DeliveryOutput {
  readonly ended: "inComment" | "addendum" | "alreadyThere" | "dropped";
  readonly deliveryId?: string;
  readonly reason?: string;
  /** The addendum's HTML and its tags, in a dry run only. */
  readonly comment?: string;
  readonly tags?: readonly string[];
}

/**
 * Brings one triage to the analyst, once: into the comment of the run that still waits for it, else as an addendum.
 * Started by Intezer's webhook and by the run that submitted the alert; what it says is read from Intezer's API.
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
  const run = yield* offerToRun(context, offer, deliveryId);
  if (!run.isOurs)
    return dropped(context, delivery, "the alert does not belong to this incident", deliveryId);
  if (run.deliveryId === deliveryId) return { ended: "inComment", deliveryId };
  return yield* writeAddendum(context, delivery, offer, deliveryId, run);
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
 * Reads the alert until Intezer has judged it; refused when waiting no longer makes sense. Throws when it cannot
 * be read: the delivery fails, operators are alerted, and the same webhook may come again.
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
      return { kind: "refused", reason: "Intezer had not judged the alert before the deadline" };
    yield* sleepUntil(context, next);
  }
}

/**
 * Raises the event once at a run that is still before its comment, and waits until that comment is there: a run that
 * has taken the triage may still fail to write. Returns the run as last seen; one that has not ended within twelve
 * hours is no longer waited for.
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
 * A webhook is only a hint: the incident's run must have submitted the alert, or the alert itself name the incident, or
 * Microsoft Sentinel have linked the two. The run is asked by `offerTriage`.
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

function* tag(
  context: OrchestrationContext,
  incident: IncidentRef,
  triage: Triage,
  rule: TagRule,
): Step<void> {
  const tagged = yield* writeTags(context, { incident, tags: tagsForTriage(triage), rule });
  if (tagged.kind === "refused") throw new Error(`The tags could not be written: ${tagged.reason}`);
}

/** The comment, then the tags; in a dry run neither, and the output shows them. */
function* writeAddendum(
  context: OrchestrationContext,
  { incident, dryRun }: Delivery,
  offer: OfferTriageInput,
  deliveryId: string,
  seen: RunView,
): Step<DeliveryOutput> {
  const { triage } = offer;
  const posted = yield* persist(context, () =>
    call(context, "postAddendum", {
      incident,
      triage,
      deliveryId,
      instanceId: context.df.instanceId,
      at: now(context),
      dryRun,
    }),
  );
  if (posted.kind === "refused") throw new Error(`The addendum could not be written: ${posted.reason}`);
  const { answer, comment } = posted.value;
  if (answer !== "merged" && !dryRun) yield* tagAround(context, incident, offer, seen);
  const shown = comment === undefined ? {} : { comment, tags: tagsForTriage(triage) };
  return { ...endOf[answer], deliveryId, ...shown };
}

/** The tags at once and, since the run may rewrite them, again when it has ended. */
function* tagAround(
  context: OrchestrationContext,
  incident: IncidentRef,
  offer: OfferTriageInput,
  seen: RunView,
): Step<void> {
  const { triage } = offer;
  if (seen.state !== "ended") yield* tag(context, incident, triage, "raise");
  const run = yield* whenEnded(context, offer, seen);
  if (run.state === "ended")
    yield* tag(context, incident, triage, run.notChecked === 0 ? "complete" : "raise");
}

const endOf: Readonly<Record<PostedAddendum["answer"], Omit<DeliveryOutput, "deliveryId">>> = {
  written: { ended: "addendum" },
  alreadyThere: { ended: "alreadyThere" },
  merged: { ended: "dropped", reason: "the incident was merged into another" },
  dryRun: { ended: "dropped", reason: "a dry run writes nothing" },
  full: {
    ended: "dropped",
    reason: "the incident has as many comments as it may have; its tags show the verdict",
  },
};
