import { beforeEach, describe, expect, it } from "vitest";
import type { IncidentStore } from "../../../domain/incident/incident-store";
import type { SentinelSimulator } from "../../../local/simulators/sentinel";
import type { Fault } from "../../../local/simulators/simulator";
import { done, errorReply, fixture, on, refOf, refused, startSentinel } from "./support";

const id = "b42ee4b2-a4f1-5620-8408-70ff1d66e808";
const comment = { id, message: "<p>Threat found</p>" };

let sentinel: SentinelSimulator;
let store: IncidentStore;

beforeEach(async () => {
  ({ sentinel, store } = await startSentinel());
});

describe("reading an incident", () => {
  it("gives what the comment shows, with the address in the Defender portal", async () => {
    const large = fixture("incident-get-large.json");
    const armId = sentinel.addIncident({ id: large.name, ...large.properties, comments: ["Taking a look."] });
    expect(await store.readIncident(refOf(armId))).toEqual(
      done({
        number: 4712,
        alertsCount: 1,
        isUrgent: true,
        url: "https://security.microsoft.com/incident2/98765/overview?tid=dd533839-faf5-591d-b82a-51a6cc008e08",
        commentsCount: 1,
        etag: expect.any(String),
        fromDefender: true,
        tags: ["vip", "auto-high"],
      }),
    );
  });

  it("gives the address in the Azure portal when Defender has none", async () => {
    const armId = sentinel.addIncident({});
    expect(await store.readIncident(refOf(armId))).toMatchObject({
      value: { url: `https://portal.azure.com/#asset/Microsoft_Azure_Security_Insights/Incident${armId}` },
    });
  });

  it("names the incident that a closed one was merged into", async () => {
    const merged = fixture("incident-get-merged.json");
    const armId = sentinel.addIncident({ id: merged.name, ...merged.properties });
    expect(await store.readIncident(refOf(armId))).toMatchObject({
      value: { merge: { into: 4712 } },
    });
  });

  it("names none while the incident is open again", async () => {
    const armId = sentinel.addIncident({ additionalData: { mergedIncidentNumber: 4712 }, status: "Active" });
    expect(await store.readIncident(refOf(armId))).not.toHaveProperty("value.merge");
  });

  it.each([
    { what: "no title", more: { title: null }, value: { isUrgent: true } },
    { what: "its number as text", more: { incidentNumber: "4712" }, value: { number: 4712 } },
    {
      what: "its count as text",
      more: { additionalData: { commentsCount: "95" } },
      value: { commentsCount: 95 },
    },
    {
      what: "nonsense beside",
      more: { additionalData: "none", incidentUrl: 5 },
      value: { commentsCount: 0 },
    },
  ])("reads one with $what", async ({ more, value }) => {
    const armId = sentinel.addIncident({});
    const properties = { incidentNumber: 1, title: "x", severity: "High", status: "New", ...more };
    sentinel.script(on("GET", "/incidents/", { status: 200, json: { name: "1", properties } }));
    expect(await store.readIncident(refOf(armId))).toMatchObject({ kind: "done", value });
  });

  it("asks this machine for nothing but the incident: no token, one request, the version we know", async () => {
    await store.readIncident(refOf(sentinel.addIncident({})));
    expect(sentinel.requests).toHaveLength(1);
    expect(sentinel.requests[0]?.headers).not.toHaveProperty("authorization");
    expect(sentinel.requests[0]?.query.get("api-version")).toBe("2025-09-01");
  });
});

describe("reading entities", () => {
  it("gives every entity of a large incident as it was on the wire", async () => {
    const { entities } = fixture("entities-large.json");
    const read = await store.readEntities(refOf(sentinel.addIncident({ entities })));
    expect(read).toEqual(
      done(entities.map(({ id, kind, properties }: typeof entities) => ({ id, kind, properties }))),
    );
    expect(entities).toHaveLength(47);
  });

  it("keeps additional data, unknown kinds, odd case and null properties, and does without an id", async () => {
    const entities = [
      { id: "e1", kind: "ip", properties: { address: "8.8.8.8", additionalData: { Country: "US", n: 7 } } },
      { id: null, name: "e2", kind: "FutureKind", properties: null },
      { id: "e3", kind: "URL", properties: { url: null } },
      { kind: null },
      null,
    ];
    sentinel.script(on("POST", "/entities", { status: 200, json: { entities, metaData: [] } }));
    expect(await store.readEntities(refOf(sentinel.addIncident({})))).toEqual(
      done([
        { id: "e1", kind: "ip", properties: { address: "8.8.8.8", additionalData: { Country: "US", n: 7 } } },
        { id: "e2", kind: "FutureKind", properties: {} },
        { id: "e3", kind: "URL", properties: { url: null } },
        { id: "", kind: "", properties: {} },
        { id: "", kind: "", properties: {} },
      ]),
    );
  });

  it("gives none while Sentinel has none, then all", async () => {
    const ref = refOf(sentinel.addIncident({ entities: [{ kind: "Ip" }], lateReads: 1 }));
    expect(await store.readEntities(ref)).toEqual(done([]));
    expect(await store.readEntities(ref)).toMatchObject({ value: [{ kind: "Ip" }] });
  });
});

describe("reading comments", () => {
  it("gives the comments of all pages", async () => {
    ({ sentinel, store } = await startSentinel({ commentsPerPage: 2 }));
    const armId = sentinel.addIncident({ comments: ["one", "two", "three", "four", "five"] });
    expect(await store.readComments(refOf(armId))).toMatchObject({
      value: ["one", "two", "three", "four", "five"].map((message) => ({ message })),
    });
    expect(sentinel.requests).toHaveLength(3);
  });
});

describe("writing a comment", () => {
  it("stores it under its id", async () => {
    const armId = sentinel.addIncident({});
    expect(await store.writeComment(refOf(armId), comment)).toEqual(done("written"));
    expect(sentinel.incident(armId).comments).toEqual([{ id, html: comment.message }]);
  });

  it("leaves one that is already there as it is", async () => {
    const armId = sentinel.addIncident({});
    await store.writeComment(refOf(armId), comment);
    expect(await store.writeComment(refOf(armId), { id, message: "other" })).toEqual(done("alreadyThere"));
    expect(sentinel.incident(armId).comments).toEqual([{ id, html: comment.message }]);
    expect(sentinel.incident(armId).writes.comments).toBe(1);
  });

  it.each<[string, Fault]>([
    ["the connection was lost after it was stored", "dropAfter"],
    ["the answer was cut off", "cutOff"],
  ])("finds it on the next try when %s", async (_, fault) => {
    const armId = sentinel.addIncident({});
    sentinel.script(on("PUT", "/comments/", fault));
    expect(await store.writeComment(refOf(armId), comment)).toMatchObject({ kind: "again" });
    expect(await store.writeComment(refOf(armId), comment)).toEqual(done("alreadyThere"));
    expect(sentinel.incident(armId).writes.comments).toBe(1);
  });

  it("writes it on the next try when the connection was lost before", async () => {
    const armId = sentinel.addIncident({});
    sentinel.script(on("PUT", "/comments/", "dropBefore"));
    expect(await store.writeComment(refOf(armId), comment)).toEqual({
      kind: "again",
      reason: "Microsoft Sentinel: connection lost.",
    });
    expect(await store.writeComment(refOf(armId), comment)).toEqual(done("written"));
  });

  it.each(["GET", "PUT"])(
    "takes a page with status 200 in answer to %s for no proof of anything",
    async (method) => {
      const armId = sentinel.addIncident({});
      sentinel.script(on(method, "/comments/", { status: 200, text: "<title>Sign in</title>" }));
      expect(await store.writeComment(refOf(armId), comment)).toMatchObject({ kind: "again" });
      expect(await store.writeComment(refOf(armId), comment)).toEqual(done("written"));
    },
  );

  it("accepts a conflict when the comment is there, and tries again when it is not", async () => {
    const armId = sentinel.addIncident({});
    sentinel.script(on("PUT", "/comments/", errorReply("error-409-incident-etag.json")));
    expect(await store.writeComment(refOf(armId), comment)).toMatchObject({
      kind: "again",
      reason: "Another writer came first.",
    });

    await store.writeComment(refOf(armId), comment);
    sentinel.script(on("GET", "/comments/", errorReply("error-404-incident.json")));
    sentinel.script(on("PUT", "/comments/", errorReply("error-409-incident-etag.json")));
    expect(await store.writeComment(refOf(armId), comment)).toEqual(done("alreadyThere"));
    expect(sentinel.incident(armId).comments).toHaveLength(1);
  });

  it("is refused with the limit when it is too long", async () => {
    const tooLong = { id, message: "x".repeat(30_001) };
    expect(await store.writeComment(refOf(sentinel.addIncident({})), tooLong)).toEqual(
      refused(expect.stringContaining("30,000 characters")),
    );
  });

  it("is not written where there are 100, and that is no failure", async () => {
    const armId = sentinel.addIncident({ comments: Array.from({ length: 100 }, () => "seen") });
    expect(await store.writeComment(refOf(armId), comment)).toEqual(done("full"));
    expect(sentinel.incident(armId).comments).toHaveLength(100);
  });

  it("takes the longest comment the store's limits allow", async () => {
    const message = "x".repeat(store.limits.commentLength);
    expect(await store.writeComment(refOf(sentinel.addIncident({})), { id, message })).toEqual(
      done("written"),
    );
  });

  it("is refused for an incident that is gone", async () => {
    const armId = sentinel.addIncident({}).replace(/[^/]+$/, id);
    expect(await store.writeComment(refOf(armId), comment)).toMatchObject({
      kind: "refused",
      reason: expect.stringContaining("Incident not found"),
    });
  });
});

it("takes an entity id that ends before the entity's own name for none", async () => {
  const ref = refOf(sentinel.addIncident({}));
  const scope = "/subscriptions/1/providers/Microsoft.SecurityInsights";
  const entities = [
    { id: `${scope}/Entities/`, kind: "FileHash", properties: {} },
    { id: `${scope}/entities/`, name: "b42ee4b2", kind: "File", properties: {} },
    { id: `${scope}/Entities/a1`, name: "b42ee4b2", kind: "Ip", properties: {} },
  ];
  sentinel.script(on("POST", "/entities", { status: 200, json: { entities } }));
  expect(await store.readEntities(ref)).toMatchObject({
    value: [{ id: "" }, { id: "b42ee4b2" }, { id: `${scope}/Entities/a1` }],
  });
});

it("reads the other comments beside one that is unreadable", async () => {
  const ref = refOf(sentinel.addIncident({}));
  const value = [
    null,
    { name: 5 },
    { name: "1", properties: null },
    { name: "2", properties: { message: "x" } },
  ];
  sentinel.script(on("GET", "/comments", { status: 200, json: { value } }));
  expect(await store.readComments(ref)).toEqual(
    done([
      { id: "1", message: "" },
      { id: "2", message: "x" },
    ]),
  );
});
