import type { OrchestrationContext } from "durable-functions";
import type { RunView } from "../activities/look-at-run";
import type { PostedAddendum } from "../activities/post-addendum";
import { type IncidentRef, sameIncident } from "../domain/incident/incident";
import { type TagRule, tagsForTriage } from "../domain/report/tags";
import { deliveryIdOf, type Triage, type Triaged } from "../domain/report/triage";
import type { Delivery, DeliveryInput } from "../domain/run/run";
import { call, type Step } from "./durable/call";
import { now, sleepSeconds, sleepUntil } from "./durable/clock";
import { log } from "./durable/log";
import { persist } from "./durable/persist";
import { lookInstancePrefix, runInstanceId, triagedEvent } from "./names";
import { incidentOf } from "./steps/incident-of-delivery";
import { writeTags } from "./steps/write-tags";

/** How a delivery ended; the reason is for operators. */
export interface DeliveryOutput {
  readonly ended: "inComment" | "addendum" | "alreadyTold" | "dropped";
  readonly deliveryId?: string;
  readonly reason?: string;
  /** The addendum's HTML and its tags, in a dry run only. */
  readonly comment?: string;
  readonly tags?: readonly string[];
}

/**
 * Brings one triage to the analyst, once: into the comment of the run that still waits for it, else as an addendum.
 * Started by Intezer's webhook and by the run that submitted the alert; what it tells is read from Intezer's API.
 */
export function* deliverTriage(context: OrchestrationContext): Step<DeliveryOutput> {
  const input = context.df.getInput<DeliveryInput>() as DeliveryInput;
  const reading = yield* readWhenTriaged(context, input);
  if (typeof reading === "string") return dropped(context, input, reading);
  const incident = yield* incidentOf(context, input, reading);
  if (typeof incident === "string") return dropped(context, input, incident);
  const delivery: Delivery = { ...input, incident };
  const { triage } = reading;
  const deliveryId = deliveryIdOf(triage);

  const run = yield* handToRun(context, delivery, reading, deliveryId);
  if (run === "taken") return { ended: "inComment", deliveryId };
  if (run === "foreign")
    return dropped(context, delivery, "the alert does not belong to this incident", deliveryId);
  return yield* writeAddendum(context, delivery, triage, deliveryId, run);
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
  return { ended: "dropped", reason, ...(deliveryId === undefined ? {} : { deliveryId }) };
}

const firstLooksSeconds = [30, 60, 120, 240];
const laterLookSeconds = 120;
const unknownAlertWaitsSeconds = [300, 300];
const unreachableMs = 60 * 60 * 1000;

/**
 * Reads the alert until Intezer has judged it; a text says why nobody waits for it any more. Throws when it cannot be
 * read: the delivery fails, operators are told, and the same webhook may come again.
 */
function* readWhenTriaged(
  context: OrchestrationContext,
  { alertId, source, until }: DeliveryInput,
): Step<Triaged | string> {
  const startedAt = now(context);
  const looks = [...firstLooksSeconds];
  const unknownAlertWaits = [...unknownAlertWaitsSeconds];
  let lookSeconds = 0;
  const nextLook = () => {
    lookSeconds = looks.shift() ?? lookSeconds + laterLookSeconds;
    return startedAt + lookSeconds * 1000;
  };

  if (source === "look") yield* sleepUntil(context, nextLook());
  for (;;) {
    const read = yield* persist(
      context,
      () => call(context, "readAlert", { alertId }),
      now(context) + unreachableMs,
    );
    if (read.kind === "refused") {
      log(context, "Left an alert unread", { alertId, cause: read.cause });
      throw new Error(`The alert could not be read: ${read.reason}`);
    }
    if (read.value.kind === "triaged") return read.value;
    if (read.value.kind === "notKnown") {
      const wait = unknownAlertWaits.shift();
      if (wait === undefined) return "Intezer does not know the alert";
      yield* sleepSeconds(context, wait);
      continue;
    }
    const next = nextLook();
    if (next > until) return "Intezer had not judged the alert before the deadline";
    yield* sleepUntil(context, next);
  }
}

const firstRunLookSeconds = 2;
const longestRunLookSeconds = 30;

/**
 * Raises the event once at a run that is still before its comment, and looks until that comment is there: a run that
 * has taken the triage may still fail to write. Ends with the run as last seen when its comment does not carry the
 * triage, or may not.
 */
function* handToRun(
  context: OrchestrationContext,
  input: Delivery,
  reading: Triaged,
  deliveryId: string,
): Step<"taken" | "foreign" | RunView> {
  let raisedAt: number | undefined;
  for (let wait = firstRunLookSeconds; ; wait = Math.min(wait * 2, longestRunLookSeconds)) {
    const run = yield* lookAtRun(context, input.incident);
    const isOurs = belongs(input, reading, run);
    const hasTaken = isOurs && run.deliveryId === deliveryId;
    const isDecided = run.state === "writing" ? !hasTaken : !["pending", "before"].includes(run.state);
    if (isDecided && hasTaken) return "taken";
    if (isDecided) return isOurs ? run : "foreign";
    // A run that was started since has lost what was raised at the one before it.
    if (isOurs && run.state === "before" && raisedAt !== run.run) {
      yield* call(context, "raiseTriage", {
        runInstanceId: runInstanceId(input.incident.incidentId),
        eventName: triagedEvent,
        triage: reading.triage,
      });
      raisedAt = run.run;
    }
    yield* sleepSeconds(context, wait);
  }
}

function* lookAtRun(context: OrchestrationContext, { incidentId }: IncidentRef): Step<RunView> {
  return yield* call(context, "lookAtRun", {
    runInstanceId: runInstanceId(incidentId),
    lookInstancePrefix: lookInstancePrefix(incidentId),
  });
}

/**
 * A webhook is only a hint: the incident's run must have submitted the alert, or the alert itself name the incident, or
 * Microsoft Sentinel have linked the two.
 */
function belongs(input: Delivery, { triage, incident }: Triaged, run: RunView): boolean {
  if (input.source !== "webhook" || run.alertId === triage.alertId) return true;
  return incident !== undefined && sameIncident(incident, input.incident);
}

const runEndLookSeconds = 30;

function* whenEnded(context: OrchestrationContext, incident: IncidentRef, seen: RunView): Step<RunView> {
  let run = seen;
  while (run.state !== "ended" && run.state !== "absent") {
    yield* sleepSeconds(context, runEndLookSeconds);
    run = yield* lookAtRun(context, incident);
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
  triage: Triage,
  deliveryId: string,
  seen: RunView,
): Step<DeliveryOutput> {
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
  if (answer !== "merged" && !dryRun) yield* tagAround(context, incident, triage, seen);
  const shown = comment === undefined ? {} : { comment, tags: tagsForTriage(triage) };
  return { ...endOf[answer], deliveryId, ...shown };
}

/** The tags at once and, since the run may rewrite them, again when it has ended. */
function* tagAround(
  context: OrchestrationContext,
  incident: IncidentRef,
  triage: Triage,
  seen: RunView,
): Step<void> {
  if (seen.state !== "ended") yield* tag(context, incident, triage, "raise");
  const run = yield* whenEnded(context, incident, seen);
  if (run.state === "ended")
    yield* tag(context, incident, triage, run.notChecked === 0 ? "complete" : "raise");
}

const endOf: Readonly<Record<PostedAddendum["answer"], Omit<DeliveryOutput, "deliveryId">>> = {
  written: { ended: "addendum" },
  alreadyThere: { ended: "alreadyTold" },
  merged: { ended: "dropped", reason: "the incident was merged into another" },
  dryRun: { ended: "dropped", reason: "a dry run writes nothing" },
  full: {
    ended: "dropped",
    reason: "the incident has as many comments as it may have; its tags tell the verdict",
  },
};
