import { describe, expect, it } from "vitest";
import type { RunView as SeenRun } from "../../activities/offer-triage";
import { incidentFrom } from "../../clients/sentinel/arm-id";
import type { Attempt } from "../../domain/attempt";
import type { IncidentRef } from "../../domain/incident/incident";
import { type AlertReading, deliveryIdOf } from "../../domain/report/triage";
import type { DeliveryInput } from "../../domain/run/run";
import { skippingClock } from "../../local/clock";
import { triage } from "../support/reports";
import { incidentArmId } from "../support/requests";
import { runOrchestrator } from "../support/run-orchestrator";

const confirmed = triage("confirmed_threat");
const deliveryId = deliveryIdOf(confirmed);
const incident = incidentFrom(incidentArmId) as IncidentRef;
const triaged: AlertReading = { kind: "triaged", triage: confirmed, incident };

type RunView = Omit<SeenRun, "isOurs"> & { readonly alertId?: string };

/** What a delivery finds, and what it did. */
interface World {
  /** The run at the nth look; the last one stays. `raised`: how many events it has been sent so far. */
  readonly run: (look: number, raised: number) => RunView;
  readonly alert?: (look: number) => Attempt<AlertReading>;
  /** Delivery ids that comments carry already. */
  readonly told?: readonly string[];
  readonly input?: Partial<DeliveryInput>;
  /** The incident has as many comments as it may have. */
  readonly isFull?: boolean;
  /** The raise reaches the hub, but its worker dies before it has said so. */
  readonly dropsFirstRaise?: boolean;
}

async function deliver({ run, alert, told = [], input, isFull = false, dropsFirstRaise = false }: World) {
  const clock = skippingClock();
  const did: string[] = [];
  const comments = [...told];
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
        did.push(isThere ? "found told" : "addendum");
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

const before: RunView = { state: "before", run: 1 };
const writing: RunView = { state: "writing", run: 1 };
const past: RunView = { state: "past", run: 1 };
const over: RunView = { state: "ended", run: 1, notChecked: 0 };
const taken = { ended: "inComment", deliveryId };
const addendum = { ended: "addendum", deliveryId };
const inOrder =
  (...views: [RunView, ...RunView[]]) =>
  (look: number): RunView =>
    views[look] ?? (views.at(-1) as RunView);

describe("a delivery", () => {
  it.each<[string, World["run"], string[]]>([
    [
      "during the lookups",
      inOrder(before, before, before, { ...writing, deliveryId }, { ...past, deliveryId }),
      ["raise"],
    ],
    ["during the wait", inOrder(before, { ...writing, deliveryId }, { ...over, deliveryId }), ["raise"]],
    [
      "at a run that is only pending at first",
      inOrder({ state: "pending", run: 1 }, before, { ...past, deliveryId }),
      ["raise"],
    ],
    [
      "of what the other path has handed over already",
      inOrder({ ...writing, deliveryId }, { ...over, deliveryId }),
      [],
    ],
    ["of what a finished run has told", inOrder({ ...over, deliveryId }), []],
  ])("%s is in the comment and nowhere else", async (_case, run, did) => {
    expect(await deliver({ run })).toEqual({ status: "Completed", output: taken, did });
  });

  it.each<[string, World["run"], string[]]>([
    [
      "while the comment is written without it",
      inOrder(writing, past, over),
      ["addendum", "tags raise", "tags complete"],
    ],
    [
      "just after the run stopped waiting",
      inOrder(before, writing, over),
      ["raise", "addendum", "tags raise", "tags complete"],
    ],
    [
      "after the comment",
      inOrder(past, past, { ...over, notChecked: 2 }),
      ["addendum", "tags raise", "tags raise"],
    ],
    ["after the run", inOrder(over), ["addendum", "tags complete"]],
    ["without a run", inOrder({ state: "absent" }), ["addendum", "tags raise"]],
    [
      "to a run that failed before its comment",
      inOrder(before, { state: "ended", run: 1 }),
      ["raise", "addendum", "tags raise"],
    ],
    [
      "that a run took, and then could not write its comment",
      inOrder(before, { ...writing, deliveryId }, { state: "ended", run: 1 }),
      ["raise", "addendum", "tags raise"],
    ],
    [
      "of a second triage while the comment holds the first",
      inOrder(before, { ...writing, deliveryId: "another" }, { ...over, deliveryId: "another" }),
      ["raise", "addendum", "tags raise", "tags complete"],
    ],
  ])("%s is told in one addendum", async (_case, run, did) => {
    expect(await deliver({ run })).toEqual({ status: "Completed", output: addendum, did });
  });

  it("to a run that wrote its comment and failed later is found in the comment", async () => {
    const run = inOrder(before, { ...writing, deliveryId }, { state: "ended", run: 1 });
    expect(await deliver({ run, told: [deliveryId] })).toEqual({
      status: "Completed",
      output: { ended: "alreadyThere", deliveryId },
      did: ["raise", "found told", "tags raise"],
    });
  });

  it("that finds no room for a comment is in the tags, and says so", async () => {
    const { status, output, did } = await deliver({ run: inOrder(over), isFull: true });
    expect({ status, did }).toEqual({ status: "Completed", did: ["tags complete"] });
    expect(output).toMatchObject({ ended: "dropped", reason: expect.stringContaining("as many comments") });
  });

  it("whose worker dies after the raise raises again, and is told once", async () => {
    const run: World["run"] = (_look, raised) => (raised < 2 ? before : { ...past, deliveryId });
    expect(await deliver({ run, dropsFirstRaise: true })).toEqual({
      status: "Completed",
      output: taken,
      did: ["raise", "raise"],
    });
  });

  it("goes to the next run when the one it was raised at is replaced", async () => {
    const again: RunView = { state: "before", run: 2 };
    const run = inOrder(before, before, again, again, { state: "past", run: 2, deliveryId });
    expect(await deliver({ run })).toEqual({
      status: "Completed",
      output: taken,
      did: ["raise", "raise"],
    });
  });

  it("completes the tags only when no run of the incident is left that may rewrite them", async () => {
    const run = inOrder(
      past,
      past,
      { state: "before", run: 2 },
      { state: "past", run: 2 },
      { ...over, run: 2 },
    );
    expect((await deliver({ run })).did).toEqual(["addendum", "tags raise", "tags complete"]);
  });

  it("of an alert that does not belong to the incident changes nothing, even while a run waits", async () => {
    const alert = (): Attempt<AlertReading> => ({
      kind: "done",
      value: { ...triaged, incident: { ...incident, incidentId: incident.incidentId.replace(/.$/, "0") } },
    });
    const { output, did } = await deliver({ run: inOrder(before, before, past), alert });
    expect(output).toMatchObject({ ended: "dropped", reason: "the alert does not belong to this incident" });
    expect(did).toEqual([]);
  });

  it("of an alert without echo is raised as soon as the run knows that it submitted it", async () => {
    const { incident: _, ...withoutEcho } = triaged;
    const known = { alertId: confirmed.alertId };
    const run = inOrder(before, before, { ...before, ...known }, { ...past, ...known, deliveryId });
    const alert = (): Attempt<AlertReading> => ({ kind: "done", value: withoutEcho });
    expect(await deliver({ run, alert })).toMatchObject({ output: taken, did: ["raise"] });
  });

  it("waits for an alert in progress, and through an hour without Intezer", async () => {
    const answers: Attempt<AlertReading>[] = [
      { kind: "done", value: { kind: "inProgress" } },
      ...Array<Attempt<AlertReading>>(10).fill({ kind: "again", reason: "HTTP 503" }),
    ];
    const alert = (look: number) => answers[look] ?? { kind: "done", value: triaged };
    expect(await deliver({ run: inOrder(over), alert })).toMatchObject({ output: addendum });
  });

  it.each<[string, Attempt<AlertReading>]>([
    ["Intezer gives no answer for more than an hour", { kind: "again", reason: "HTTP 503" }],
    ["Intezer refuses the alert", { kind: "refused", reason: "HTTP 503", cause: "key" }],
  ])("fails, for operators to see and for the webhook to be repeated, when %s", async (_case, answer) => {
    const { status, output } = await deliver({ run: inOrder(over), alert: () => answer });
    expect(status).toBe("Failed");
    expect(output).toContain("The alert could not be read: HTTP 503");
  });

  it("in a dry run writes nothing, and shows the comment and the tags that it would have", async () => {
    const { output, did } = await deliver({ run: inOrder(over), input: { dryRun: true } });
    expect(output).toEqual({
      ended: "dropped",
      reason: "a dry run writes nothing",
      deliveryId,
      comment: "the addendum",
      tags: ["threat-found"],
    });
    expect(did).toEqual([]);
  });

  it("in a dry run shows nothing that a comment tells already", async () => {
    const { output, did } = await deliver({
      run: inOrder(over),
      told: [deliveryId],
      input: { dryRun: true },
    });
    expect(output).toEqual({ ended: "alreadyThere", deliveryId });
    expect(did).toEqual(["found told"]);
  });
});
