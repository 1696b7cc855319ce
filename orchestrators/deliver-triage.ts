import type { OrchestrationContext } from "durable-functions";
import type { OfferTriageInput, RunView } from "../activities/deliver-triage";
import { type IncidentRef, sameIncident } from "../domain/incident/incident";
import { defined } from "../domain/json";
import { deliveryIdOf, isDefenderAlert, type Triaged } from "../domain/report/triage";
import type { Delivery, DeliveryInput } from "../domain/run/run";
import { call, log, type Step } from "./durable/call";
import { now, type Persisted, persist, sleepSeconds, sleepUntil } from "./durable/timers";
import { pollInstancePrefix, runInstanceId, triagedEvent } from "./names";
import { type DeliveryOutput, type Offer, type Offered, writeAddendum } from "./steps/write-addendum";
import {
  backoff,
  laterPolls,
  logWaits,
  pollTimes,
  runWaits,
  unknownAlertWaits,
  unreachableFor,
} from "./waits";

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

/**
 * The incident of a delivery. For a Defender alert, it is the incident that Microsoft Sentinel links to the alert; refused
 * if there is none. Throws if that could not be looked up.
 */
function* incidentOfDelivery(
  context: OrchestrationContext,
  input: DeliveryInput,
  triaged: Triaged,
): Step<Persisted<IncidentRef>> {
  if (input.source !== "defender") return { kind: "done", value: input.incident };
  const { vendorAlertId } = input;
  if (!isDefenderAlert(triaged, vendorAlertId))
    return { kind: "refused", reason: "the alert is not the Defender alert that was named" };
  let refusal: string | undefined;
  for (const wait of logWaits) {
    yield* sleepSeconds(context, wait);
    const until = now(context) + unreachableFor * 1000;
    const found = yield* persist(context, () => call(context, "findIncident", { vendorAlertId }), { until });
    if (found.kind === "done" && found.value.incident) return { kind: "done", value: found.value.incident };
    // A role that was just granted takes some minutes as well.
    refusal = found.kind === "refused" ? found.reason : undefined;
  }
  if (refusal === undefined) return { kind: "refused", reason: "no incident contains the Defender alert" };
  throw new Error(`The incident of the Defender alert could not be looked up: ${refusal}`);
}
