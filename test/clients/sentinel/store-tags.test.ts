import { beforeEach, describe, expect, it } from "vitest";
import type { IncidentStore } from "../../../domain/incident/incident-store";
import type { SentinelSimulator } from "../../../local/simulators/sentinel";
import { done, errorReply, fixture, on, refOf, startSentinel } from "./support";

let sentinel: SentinelSimulator;
let store: IncidentStore;

beforeEach(async () => {
  ({ sentinel, store } = await startSentinel());
});

describe("changing tags", () => {
  const add = (tag: string) => (tags: readonly string[]) => [...tags, tag];

  it("sends everything that is writable, with the etag, and nothing else", async () => {
    const large = fixture("incident-get-large.json");
    sentinel.script(on("GET", "/incidents/", { status: 200, json: large }));
    const armId = sentinel.addIncident({ id: large.name });
    await store.changeTags(refOf(armId), add("enriched"));
    const put = sentinel.requests.find(({ method }) => method === "PUT");
    expect(JSON.parse(put?.body ?? "")).toEqual(fixture("incident-put-request-tags-as-sdk-sends.json"));
  });

  it("keeps every other tag and field of the incident", async () => {
    const large = fixture("incident-get-large.json");
    const classified = { ...large.properties, status: "Closed", classification: "TruePositive" };
    const armId = sentinel.addIncident({ id: large.name, ...classified });
    const before = sentinel.incident(armId).properties;
    expect(await store.changeTags(refOf(armId), add("enriched"))).toEqual(
      done(["vip", "auto-high", "enriched"]),
    );
    const { tags, properties } = sentinel.incident(armId);
    expect(tags).toEqual(["vip", "auto-high", "enriched"]);
    expect(properties).toEqual({
      ...before,
      firstActivityTimeUtc: "2026-02-03T08:40:00.000Z",
      lastActivityTimeUtc: "2026-02-03T09:12:55.500Z",
      lastModifiedTimeUtc: expect.any(String),
    });
  });

  it("sends an empty owner as it came", async () => {
    const armId = sentinel.addIncident({});
    const { owner } = sentinel.incident(armId).properties;
    await store.changeTags(refOf(armId), add("enriched"));
    expect(sentinel.incident(armId).properties.owner).toEqual(owner);
  });

  it.each([
    ["tags", { labels: [{ labelName: "vip" }, { labelName: 7 }] }],
    ["dates", { firstActivityTimeUtc: "yesterday" }],
    ["owner", { owner: "Sam Lee" }],
  ])("writes nothing back when it does not understand the %s", async (_, properties) => {
    const { name, ...large } = fixture("incident-get-large.json");
    const odd = { ...large, properties: { ...large.properties, ...properties } };
    sentinel.script(on("GET", "/incidents/", { status: 200, json: odd }));
    const armId = sentinel.addIncident({ id: name });
    expect(await store.changeTags(refOf(armId), add("enriched"))).toMatchObject({ kind: "again" });
    expect(sentinel.requests).toHaveLength(1);
  });

  it("sends nothing when only case and order differ", async () => {
    const armId = sentinel.addIncident({ tags: ["Enriched", "vip"] });
    expect(await store.changeTags(refOf(armId), () => ["VIP", "enriched"])).toEqual(
      done(["Enriched", "vip"]),
    );
    expect(sentinel.incident(armId).writes.tags).toBe(0);
  });

  it("takes tags away that are not wanted any more", async () => {
    const armId = sentinel.addIncident({ tags: ["enriched", "enrichment-incomplete"] });
    await store.changeTags(refOf(armId), (tags) => tags.filter((tag) => tag !== "enrichment-incomplete"));
    expect(sentinel.incident(armId).tags).toEqual(["enriched"]);
  });

  it("reports when another writer came first, and keeps that writer's tag", async () => {
    const armId = sentinel.addIncident({ tags: ["vip"] });
    sentinel.tagAfterRead(armId, "other-writer");
    const first = await store.changeTags(refOf(armId), add("enriched"));
    expect(first).toEqual(done("conflict"));
    expect(sentinel.incident(armId).tags).toEqual(["vip", "other-writer"]);

    await store.changeTags(refOf(armId), add("enriched"));
    expect(sentinel.incident(armId).tags).toEqual(["vip", "other-writer", "enriched"]);
  });

  it("takes a page with status 200 for no proof that the tags were written", async () => {
    const armId = sentinel.addIncident({});
    sentinel.script(on("PUT", "/incidents/", { status: 200, text: "<title>Sign in</title>" }));
    expect(await store.changeTags(refOf(armId), add("enriched"))).toMatchObject({ kind: "again" });
    expect(await store.changeTags(refOf(armId), add("enriched"))).toEqual(done(["enriched"]));
  });

  it("takes 412 for the same", async () => {
    sentinel.script(on("PUT", "/incidents/", errorReply("error-412-precondition.json")));
    expect(await store.changeTags(refOf(sentinel.addIncident({})), add("enriched"))).toEqual(
      done("conflict"),
    );
  });

  it("finds the tags on the next try when the answer to the write was lost", async () => {
    const armId = sentinel.addIncident({});
    const change = () => ["enriched"];
    sentinel.script(on("PUT", "/incidents/", "dropAfter"));
    expect(await store.changeTags(refOf(armId), change)).toMatchObject({ kind: "again" });
    expect(await store.changeTags(refOf(armId), change)).toEqual(done(["enriched"]));
    expect(sentinel.incident(armId).writes.tags).toBe(1);
  });
});
