import type { RunView as SeenRun } from "../../activities/deliver-triage";
import { incidentFrom } from "../../clients/sentinel/arm-id";
import type { Attempt } from "../../domain/attempt";
import type { IncidentRef } from "../../domain/incident/incident";
import { type AlertReading, deliveryIdOf, type Triaged } from "../../domain/report/triage";
import type { DeliveryInput } from "../../domain/run/run";
import { skippingClock } from "../../local/clock";
import { triage } from "../support/reports";
import { incidentArmId } from "../support/requests";
import { runOrchestrator } from "../support/run-orchestrator";

export const confirmed = triage("confirmed_threat");
export const deliveryId = deliveryIdOf(confirmed);
export const incident = incidentFrom(incidentArmId) as IncidentRef;
export const triaged: Triaged = { kind: "triaged", triage: confirmed, incident };

export type RunView = Omit<SeenRun, "isOurs"> & { readonly alertId?: string };

/** What a delivery finds, and what it did. */
export interface World {
  /** The run at the nth look; the last one stays. `raised`: how many events it has been sent so far. */
  readonly run: (look: number, raised: number) => RunView;
  readonly alert?: (look: number) => Attempt<AlertReading>;
  /** Delivery ids that comments carry already. */
  readonly present?: readonly string[];
  readonly input?: Partial<DeliveryInput>;
  /** The incident has the maximum number of comments. */
  readonly isFull?: boolean;
  /** The raise reaches the hub, but its worker dies before it has said so. */
  readonly dropsFirstRaise?: boolean;
}

export async function deliver({
  run,
  alert,
  present = [],
  input,
  isFull = false,
  dropsFirstRaise = false,
}: World) {
  const clock = skippingClock();
  const did: string[] = [];
  const comments = [...present];
  let [looks, reads, raised] = [0, 0, 0];
  const ended = await runOrchestrator(
    "deliverTriage",
    (startedAt) => ({
      source: "webhook",
      alertId: confirmed.alertId,
      incident,
      until: startedAt + 1_800_000,
      dryRun: false,
      ...input,
    }),
    {
      readAlert: () => alert?.(reads++) ?? { kind: "done", value: triaged },
      offerTriage: ({ triage: { alertId: offered }, isTrusted, offeredTo, onlyLook }): SeenRun => {
        const { alertId, ...seen } = run(looks++, raised);
        const isOurs = isTrusted || alertId === offered;
        const isRaised = isOurs && seen.state === "before" && offeredTo !== seen.run && !onlyLook;
        if (isRaised) did.push("raise");
        if (isRaised && raised++ === 0 && dropsFirstRaise) throw new Error("the worker has died");
        const now = isRaised ? seen.run : offeredTo;
        return { ...seen, isOurs, ...(now === undefined ? {} : { offeredTo: now }) };
      },
      postAddendum: (posted) => {
        if (isFull) return { kind: "done", value: { answer: "full" } };
        const isThere = comments.includes(posted.deliveryId);
        if (!isThere && posted.dryRun)
          return { kind: "done", value: { answer: "dryRun", comment: "the addendum" } };
        if (!isThere) comments.push(posted.deliveryId);
        did.push(isThere ? "found there" : "addendum");
        return { kind: "done", value: { answer: isThere ? "alreadyThere" : "written" } };
      },
      tagIncident: (tagged) => {
        did.push(`tags ${tagged.rule}`);
        return { kind: "done", value: tagged.tags };
      },
    },
    clock,
  );
  return { status: ended.runtimeStatus, output: ended.output, did };
}

export const before: RunView = { state: "before", run: 1 };
export const writing: RunView = { state: "writing", run: 1 };
export const past: RunView = { state: "past", run: 1 };
export const over: RunView = { state: "ended", run: 1, notChecked: 0 };
export const taken = { ended: "inComment", deliveryId };
export const addendum = { ended: "addendum", deliveryId };
export const inOrder =
  (...views: [RunView, ...RunView[]]) =>
  (look: number): RunView =>
    views[look] ?? (views.at(-1) as RunView);
