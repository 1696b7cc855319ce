import { describe, expect, it } from "vitest";
import type { Attempt } from "../../domain/attempt";
import type { AlertReading } from "../../domain/report/triage";
import {
  addendum,
  before,
  confirmed,
  deliver,
  deliveryId,
  incident,
  inOrder,
  over,
  past,
  type RunView,
  taken,
  triaged,
  type World,
  writing,
} from "./deliver-triage-setup";

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
    expect(output).toMatchObject({
      ended: "dropped",
      reason: expect.stringContaining("maximum number of comments"),
    });
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
