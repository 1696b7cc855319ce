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
  readonly present?: readonly string[];
  readonly input?: Partial<DeliveryInput>;
  /** The incident has as many comments as it may have. */
  readonly isFull?: boolean;
  /** The raise reaches the hub, but its worker dies before it has said so. */
  readonly dropsFirstRaise?: boolean;
}

async function deliver({ run, alert, present = [], input, isFull = false, dropsFirstRaise = false }: World) {
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
  interface Row {
    readonly when: string;
    readonly run: World["run"];
    readonly did: readonly string[];
  }

  it.each<Row>([
    {
      when: "during the lookups",
      run: inOrder(before, before, before, { ...writing, deliveryId }, { ...past, deliveryId }),
      did: ["raise"],
    },
    {
      when: "during the wait",
      run: inOrder(before, { ...writing, deliveryId }, { ...over, deliveryId }),
      did: ["raise"],
    },
    {
      when: "at a run that is only pending at first",
      run: inOrder({ state: "pending", run: 1 }, before, { ...past, deliveryId }),
      did: ["raise"],
    },
    {
      when: "of what the other path has handed over already",
      run: inOrder({ ...writing, deliveryId }, { ...over, deliveryId }),
      did: [],
    },
    {
      when: "of what is in the comment of a finished run",
      run: inOrder({ ...over, deliveryId }),
      did: [],
    },
  ])("$when is in the comment and nowhere else", async ({ run, did }) => {
    expect(await deliver({ run })).toEqual({ status: "Completed", output: taken, did });
  });

  it.each<Row>([
    {
      when: "while the comment is written without it",
      run: inOrder(writing, past, over),
      did: ["addendum", "tags raise", "tags complete"],
    },
    {
      when: "just after the run stopped waiting",
      run: inOrder(before, writing, over),
      did: ["raise", "addendum", "tags raise", "tags complete"],
    },
    {
      when: "after the comment",
      run: inOrder(past, past, { ...over, notChecked: 2 }),
      did: ["addendum", "tags raise", "tags raise"],
    },
    { when: "after the run", run: inOrder(over), did: ["addendum", "tags complete"] },
    { when: "without a run", run: inOrder({ state: "absent" }), did: ["addendum", "tags raise"] },
    {
      when: "to a run that failed before its comment",
      run: inOrder(before, { state: "ended", run: 1 }),
      did: ["raise", "addendum", "tags raise"],
    },
    {
      when: "that a run took, and then could not write its comment",
      run: inOrder(before, { ...writing, deliveryId }, { state: "ended", run: 1 }),
      did: ["raise", "addendum", "tags raise"],
    },
    {
      when: "of a second triage while the comment holds the first",
      run: inOrder(before, { ...writing, deliveryId: "another" }, { ...over, deliveryId: "another" }),
      did: ["raise", "addendum", "tags raise", "tags complete"],
    },
  ])("$when is in one addendum", async ({ run, did }) => {
    expect(await deliver({ run })).toEqual({ status: "Completed", output: addendum, did });
  });

  it("to a run that never ends is in an addendum after twelve hours, and the looks are few", async () => {
    let looks = 0;
    const run = () => {
      looks++;
      return before;
    };
    expect(await deliver({ run })).toMatchObject({
      status: "Completed",
      output: addendum,
      did: ["raise", "addendum", "tags raise"],
    });
    expect(looks).toBeLessThan(350);
  });

  it("to a run that wrote its comment and failed later is found in the comment", async () => {
    const run = inOrder(before, { ...writing, deliveryId }, { state: "ended", run: 1 });
    expect(await deliver({ run, present: [deliveryId] })).toEqual({
      status: "Completed",
      output: { ended: "alreadyThere", deliveryId },
      did: ["raise", "found there", "tags raise"],
    });
  });

  it("that finds no room for a comment is in the tags, and says so", async () => {
    const { status, output, did } = await deliver({ run: inOrder(over), isFull: true });
    expect({ status, did }).toEqual({ status: "Completed", did: ["tags complete"] });
    expect(output).toMatchObject({ ended: "dropped", reason: expect.stringContaining("as many comments") });
  });

  it("whose worker dies after the raise raises again, and is in the comment once", async () => {
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

  it.each<{ readonly when: string; readonly answer: Attempt<AlertReading> }>([
    {
      when: "Intezer gives no answer for more than an hour",
      answer: { kind: "again", reason: "HTTP 503" },
    },
    {
      when: "Intezer refuses the alert",
      answer: { kind: "refused", reason: "HTTP 503", cause: "key" },
    },
  ])("fails, for operators to see and for the webhook to be repeated, when $when", async ({ answer }) => {
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

  it("in a dry run shows nothing that is in a comment already", async () => {
    const { output, did } = await deliver({
      run: inOrder(over),
      present: [deliveryId],
      input: { dryRun: true },
    });
    expect(output).toEqual({ ended: "alreadyThere", deliveryId });
    expect(did).toEqual(["found there"]);
  });
});
