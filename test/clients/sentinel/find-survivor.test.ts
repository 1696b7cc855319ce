import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { incidentFrom } from "../../../clients/sentinel/arm-id";
import { createSentinelStore } from "../../../clients/sentinel/store";
import { done } from "../../../domain/attempt";
import type { IncidentRef, Merge } from "../../../domain/incident/incident";
import type { IncidentStore } from "../../../domain/incident/incident-store";
import { realClock } from "../../../local/clock";
import { type SentinelSimulator, startSentinelSimulator } from "../../../local/simulators/sentinel";
import type { IncidentSeed } from "../../../local/simulators/sentinel-incidents";

let sentinel: SentinelSimulator;
let store: IncidentStore;

beforeEach(async () => {
  sentinel = await startSentinelSimulator({ clock: realClock() });
  const credential = { getToken: async () => null };
  store = createSentinelStore({ endpoint: sentinel.origin, credential, timeoutMs: 5_000 });
});
afterEach(() => sentinel.close());

const refOf = (armId: string) => incidentFrom(armId) as IncidentRef;

async function mergeOf(armId: string): Promise<Merge> {
  const read = await store.readIncident(refOf(armId));
  return read.kind === "done" && read.value.merge ? read.value.merge : expect.fail("It was not merged.");
}

const label = (labelName: string, labelType?: string) => ({ labels: [{ labelName, labelType }] });

describe("An incident", () => {
  it.each<{ what: string; seed: IncidentSeed; merge: Merge | undefined }>([
    {
      what: "closed, with the number",
      seed: { status: "Closed", additionalData: { mergedIncidentNumber: "7" } },
      merge: { into: 7 },
    },
    {
      what: "closed, with the portal's label",
      seed: { status: "Closed", ...label("Redirected", "AutoAssigned") },
      merge: {},
    },
    {
      what: "closed, with the label in other letters",
      seed: { status: "closed", ...label(" REDIRECTED", "autoAssigned") },
      merge: {},
    },
    {
      what: "closed, with the number zero",
      seed: { status: "Closed", additionalData: { mergedIncidentNumber: 0 } },
      merge: undefined,
    },
    {
      what: "closed, with the number and a link to Defender",
      seed: {
        status: "Closed",
        additionalData: {
          mergedIncidentNumber: 7,
          mergedIncidentUrl: "https://security.microsoft.com/incident2/7",
        },
      },
      merge: { into: 7 },
    },
    { what: "with both", seed: { mergedInto: 7 }, merge: { into: 7 } },
    {
      what: "closed, with a tag of that name by a person",
      seed: { status: "Closed", ...label("Redirected", "User") },
      merge: undefined,
    },
    {
      what: "closed, with a tag of that name by no one knows whom",
      seed: { status: "Closed", ...label("Redirected") },
      merge: undefined,
    },
    {
      what: "open, with the portal's label",
      seed: { status: "Active", ...label("Redirected", "AutoAssigned") },
      merge: undefined,
    },
    {
      what: "open, with the number",
      seed: { status: "New", additionalData: { mergedIncidentNumber: 7 } },
      merge: undefined,
    },
    { what: "closed by hand", seed: { status: "Closed", classification: "TruePositive" }, merge: undefined },
  ])("$what says of its merge: $merge", async ({ seed, merge }) => {
    const read = await store.readIncident(refOf(sentinel.addIncident(seed)));
    expect(read).toMatchObject({ kind: "done" });
    expect(read.kind === "done" && read.value.merge).toEqual(merge);
  });
});

describe("A merge is followed", () => {
  it("to the incident with that number", async () => {
    const [source, target] = [sentinel.addIncident({}), sentinel.addIncident({ comments: ["seen"] })];
    sentinel.merge(source, target);
    expect(await store.findSurvivor(refOf(source), await mergeOf(source))).toEqual(
      done({ ref: refOf(target), number: 1002, commentsCount: 1 }),
    );
  });

  it.each([
    { what: "that the link names", workspace: "law-soc", isFound: true },
    {
      what: "not to one with that number here when the link names another workspace",
      workspace: "law-lab",
      isFound: false,
    },
  ])("to the incident $what", async ({ workspace, isFound }) => {
    const target = sentinel.addIncident({ incidentNumber: 7 });
    const path = target.replace("law-soc", workspace);
    const mergedIncidentUrl = `https://portal.azure.com/#asset/Microsoft_Azure_Security_Insights/Incident${path}`;
    const source = sentinel.addIncident({
      status: "Closed",
      additionalData: { mergedIncidentNumber: "7", mergedIncidentUrl },
    });
    const found = await store.findSurvivor(refOf(source), await mergeOf(source));
    expect(found).toEqual(done(isFound ? { ref: refOf(target), number: 7, commentsCount: 0 } : undefined));
  });

  it("over five steps", async () => {
    const chain = Array.from({ length: 6 }, () => sentinel.addIncident({}));
    chain.reduce((source, target) => {
      sentinel.merge(source, target);
      return target;
    });
    const [first = "", second = ""] = chain;
    const survivor = { ref: refOf(chain.at(-1) ?? ""), number: 1006, commentsCount: 0 };
    expect(await store.findSurvivor(refOf(first), await mergeOf(first))).toEqual(done(survivor));
    expect(await store.findSurvivor(refOf(second), await mergeOf(second))).toEqual(done(survivor));
  });

  it("nowhere when it is more steps than that", async () => {
    const chain = Array.from({ length: 7 }, () => sentinel.addIncident({}));
    chain.reduce((source, target) => {
      sentinel.merge(source, target);
      return target;
    });
    const [first = ""] = chain;
    expect(await store.findSurvivor(refOf(first), await mergeOf(first))).toEqual(done(undefined));
    expect(sentinel.requests.filter(({ query }) => query.has("$filter"))).toHaveLength(5);
  });

  it.each([
    { what: "the number is of no incident", others: [] },
    {
      what: "the other one shows only the label",
      others: [{ incidentNumber: 7, status: "Closed", ...label("Redirected", "AutoAssigned") }],
    },
    { what: "the other one leads back", others: [{ incidentNumber: 7, mergedInto: 1 }] },
    {
      what: "others lead round in a circle",
      others: [
        { incidentNumber: 7, mergedInto: 8 },
        { incidentNumber: 8, mergedInto: 7 },
      ],
    },
  ])("nowhere when $what", async ({ others }) => {
    const source = sentinel.addIncident({ incidentNumber: 1, mergedInto: 7 });
    for (const other of others) sentinel.addIncident(other);
    expect(await store.findSurvivor(refOf(source), { into: 7 })).toEqual(done(undefined));
  });

  it("to no other incident when the filter is not applied", async () => {
    const source = sentinel.addIncident({ mergedInto: 4711 });
    const other = sentinel.addIncident({});
    const read = await fetch(`${sentinel.origin}${other}?api-version=1`);
    sentinel.script({
      match: ({ query }) => query.has("$filter"),
      fault: { status: 200, json: { value: [await read.json()] } },
    });
    expect(await store.findSurvivor(refOf(source), { into: 4711 })).toEqual(done(undefined));
  });

  it("later when Sentinel is busy", async () => {
    const source = sentinel.addIncident({ mergedInto: 4711 });
    sentinel.script({
      match: ({ query }) => query.has("$filter"),
      fault: { status: 429, json: {}, headers: { "retry-after": "7" } },
    });
    expect(await store.findSurvivor(refOf(source), { into: 4711 })).toMatchObject({
      kind: "again",
      afterSeconds: 7,
    });
  });
});

describe("The tags of a merged incident", () => {
  it("are left as they are, unless it is the only place", async () => {
    const armId = sentinel.addIncident({ mergedInto: 7 });
    const add = (tags: readonly string[]) => [...tags, "enriched"];
    expect(await store.changeTags(refOf(armId), add)).toEqual(done({ merge: { into: 7 } }));
    expect(sentinel.incident(armId)).toMatchObject({ tags: ["Redirected"], writes: { tags: 0 } });
    expect(await store.changeTags(refOf(armId), add, { evenMerged: true })).toEqual(
      done(["Redirected", "enriched"]),
    );
    expect(sentinel.incident(armId).properties.status).toBe("Closed");
  });
});
