import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { realClock } from "../../../local/clock";
import { type SentinelSimulator, startSentinelSimulator } from "../../../local/simulators/sentinel";
import type { SentinelHabits } from "../../../local/simulators/sentinel-routes";
import { startSimulator } from "../../../local/simulators/simulator";

const commentId = "b42ee4b2-a4f1-5620-8408-70ff1d66e808";

let sentinel: SentinelSimulator;
let armId: string;

beforeEach(async () => {
  sentinel = await startSentinelSimulator({ clock: realClock() });
  armId = sentinel.addIncident({ title: "Phishing", tags: ["vip"], entities: [{ kind: "Ip", name: "e1" }] });
});
afterEach(() => sentinel.close());

describe("paths", () => {
  it("are compared without case", async () => {
    expect(await call("GET", armId.toLowerCase())).toMatchObject({ status: 200, body: { id: armId } });
    expect((await call("GET", armId.toUpperCase())).status).toBe(200);
  });

  it.each([
    ["GET", (id: string) => id.replace("law-soc", "law-other"), 404, "ResourceNotFound"],
    ["GET", (id: string) => id.replace(/[^/]+$/, commentId), 404, "NotFound"],
    ["GET", (id: string) => `${id}/entities`, 405, "UnsupportedApiVersion"],
    ["GET", (id: string) => `${id}/alerts`, 405, "UnsupportedApiVersion"],
    ["GET", (id: string) => `${id}/bookmarks`, 405, "UnsupportedApiVersion"],
    ["DELETE", (id: string) => id, 405, "UnsupportedApiVersion"],
    ["GET", (id: string) => `${id}/other`, 404, "InvalidResourceType"],
    ["GET", (id: string) => `${id}/comments/${commentId}`, 404, "NotFound"],
  ])("of case %#: %s gives the service's error", async (method, path, status, code) => {
    expect(await call(method, path(armId))).toMatchObject({ status, body: { error: { code } } });
  });

  it("need an api-version", async () => {
    const answer = await fetch(sentinel.origin + armId);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { code: "MissingApiVersionParameter" } });
  });
});

describe("an incident", () => {
  it("lists entities with counts, and none while they are late", async () => {
    const late = sentinel.addIncident({ entities: [{ kind: "Ip" }, { kind: "Ip" }], lateReads: 2 });
    for (const counts of [[], [], [{ entityKind: "Ip", count: 2 }]]) {
      expect(await call("POST", `${late}/entities`)).toMatchObject({ body: { metaData: counts } });
    }
  });

  it("lists alerts and bookmarks", async () => {
    const alerts = await call("POST", `${armId}/alerts`);
    expect(alerts.body.value).toMatchObject([{ kind: "SecurityAlert" }]);
    expect((await call("POST", `${armId}/bookmarks`)).body).toEqual({ value: [] });
  });

  it("has another etag after every PUT and every comment", async () => {
    const etags = [await etagOf(armId)];
    await put(armId, { properties: wanted(["vip", "x"]) });
    etags.push(await etagOf(armId));
    await putComment("one");
    etags.push(await etagOf(armId));
    expect(new Set(etags).size).toBe(3);
    expect((await call("GET", armId)).body.properties.additionalData.commentsCount).toBe(1);
  });

  it("loses the writable fields that a PUT leaves out, and keeps the service's own", async () => {
    const before = sentinel.incident(armId).properties;
    const properties = { ...wanted([]), incidentNumber: 1, providerName: "x", additionalData: {} };
    expect((await put(armId, { properties })).status).toBe(200);
    const after = sentinel.incident(armId);
    expect(after.tags).toEqual([]);
    expect(after.properties).not.toHaveProperty("owner");
    expect(after.properties).toMatchObject({
      incidentNumber: before.incidentNumber,
      providerName: before.providerName,
    });
    expect(after.writes).toEqual({ comments: 0, tags: 1 });
  });

  it("keeps the type of a tag that stays", async () => {
    const merged = sentinel.addIncident({ mergedInto: 7 });
    await put(merged, { properties: { ...wanted(["Redirected", "new"]), status: "Closed" } });
    expect((await call("GET", merged)).body.properties.labels).toEqual([
      { labelName: "Redirected", labelType: "AutoAssigned" },
      { labelName: "new", labelType: "User" },
    ]);
  });

  it("refuses a stale etag, and a missing one unless set otherwise", async () => {
    const stale = await etagOf(armId);
    await putComment("moves the etag");
    for (const etag of [stale, undefined]) {
      expect(await call("PUT", armId, { etag, properties: wanted([]) })).toMatchObject({
        status: 409,
        body: { error: { code: "Conflict", message: expect.stringContaining("Newer version of resource") } },
      });
    }
    await restart({ missingEtag: "accept" });
    expect((await call("PUT", armId, { properties: wanted([]) })).status).toBe(200);
  });

  it.each(["title", "severity", "status"])("refuses a PUT without %s", async (field) => {
    const { [field]: _, ...properties } = wanted([]);
    expect((await put(armId, { properties })).status).toBe(400);
  });

  it("gets another writer's tag between a read and a write", async () => {
    sentinel.tagAfterRead(armId, "other-writer");
    const read = await call("GET", armId);
    expect(read.body.properties.labels).toHaveLength(1);
    const answer = await call("PUT", armId, { etag: read.body.etag, properties: wanted(["vip", "ours"]) });
    expect(answer.status).toBe(409);
    expect(sentinel.incident(armId).tags).toEqual(["vip", "other-writer"]);
  });

  it("that was merged is closed, says into which, and has neither alerts nor entities", async () => {
    const merged = sentinel.addIncident({ mergedInto: 4712, entities: [{ kind: "Ip" }] });
    expect((await call("GET", merged)).body.properties).toMatchObject({
      status: "Closed",
      labels: [{ labelName: "Redirected" }],
      additionalData: { mergedIncidentNumber: "4712", alertsCount: 0 },
    });
    expect((await call("POST", `${merged}/entities`)).body.entities).toEqual([]);
  });
});

describe("the list of incidents", () => {
  interface Page {
    readonly value: readonly { readonly properties: { readonly title: string } }[];
    readonly nextLink?: string;
  }
  const list = () => armId.replace(/\/Incidents\/.*/, "/incidents");

  it("holds those that were created since an instant, newest first, in pages", async () => {
    await restart({ incidentsPerPage: 2 });
    const day = (n: number) => `2026-11-0${n}T12:00:00Z`;
    for (const n of [1, 3, 2, 4]) sentinel.addIncident({ title: `of day ${n}`, createdTimeUtc: day(n) });
    const filter = `properties/createdTimeUtc ge ${day(2)}`;
    const titles: string[] = [];
    let next = `${sentinel.origin}${list()}?api-version=2025-09-01&$filter=${encodeURIComponent(filter)}`;
    for (let pages = 0; next; pages++) {
      const { value, nextLink } = (await (await fetch(next)).json()) as Page;
      expect(value.length).toBeLessThanOrEqual(2);
      titles.push(...value.map(({ properties }) => properties.title));
      next = pages < 9 ? (nextLink ?? "") : "";
    }
    expect(titles.slice(-3)).toEqual(["of day 4", "of day 3", "of day 2"]);
    expect(titles).not.toContain("of day 1");
  });

  it("refuses a filter that it does not know", async () => {
    const answer = await fetch(`${sentinel.origin}${list()}?api-version=2025-09-01&$filter=title eq 'x'`);
    expect(answer.status).toBe(400);
  });
});

it("hands the incident to the relay that runPlaybook names, and to no other", async () => {
  const received: string[] = [];
  const app = await startSimulator({
    clock: realClock(),
    handler: ({ body, headers }) => {
      received.push(`${headers.authorization} ${JSON.parse(body).object.id}`);
      return { status: 202 };
    },
  });
  sentinel.setRelay({ id: "/relay", url: app.origin, headers: { authorization: "Bearer x" } });
  expect((await call("POST", `${armId}/runPlaybook`, { logicAppsResourceId: "/other" })).status).toBe(404);
  const started = await fetch(`${sentinel.origin}${armId}/runPlaybook?api-version=2025-09-01`, {
    method: "POST",
    body: JSON.stringify({ logicAppsResourceId: "/relay" }),
  });
  expect(started.status).toBe(204);
  await expect.poll(() => received).toEqual([`Bearer x ${armId}`]);
  await app.close();
});

describe("comments", () => {
  it("are created, then overwritten under the same id, or refused when set so", async () => {
    expect((await putComment("one")).status).toBe(201);
    expect((await putComment("two")).status).toBe(200);
    expect(sentinel.incident(armId).comments).toEqual([{ id: commentId, html: "two" }]);
    expect(sentinel.incident(armId).writes.comments).toBe(2);

    await restart({ repeatedComment: "conflict" });
    expect((await putComment("one")).status).toBe(201);
    expect((await putComment("two")).status).toBe(409);
    expect(sentinel.incident(armId).comments).toEqual([{ id: commentId, html: "one" }]);
  });

  it("hold 30,000 characters, 100 to an incident", async () => {
    expect((await putComment("x".repeat(30_000))).status).toBe(201);
    expect((await putComment("x".repeat(30_001))).status).toBe(400);
    expect((await putComment("")).status).toBe(400);
    armId = sentinel.addIncident({ comments: Array.from({ length: 100 }, () => "seen") });
    expect((await putComment("one more")).status).toBe(400);
  });

  it("are listed in pages that link to each other on the host that was asked", async () => {
    armId = sentinel.addIncident({ comments: ["one", "two", "three"] });
    const first = await call("GET", `${armId}/comments`, undefined, "&$top=2");
    expect(first.body.value).toHaveLength(2);
    expect(first.body.nextLink).toContain(sentinel.origin);
    const second = JSON.parse(await (await fetch(first.body.nextLink)).text());
    expect(second.value).toMatchObject([{ properties: { message: "three" } }]);
    expect(second).not.toHaveProperty("nextLink");
  });
});

describe("the trigger body", () => {
  it("is the incident as it is now, with its workspace, alerts, entities and comments", async () => {
    await putComment("seen");
    expect(sentinel.triggerBody(armId)).toMatchObject({
      objectSchemaType: "Incident",
      objectEventType: "Create",
      workspaceInfo: {
        SubscriptionId: "11111111-2222-4333-8444-555555555555",
        ResourceGroupName: "rg-soc",
        WorkspaceName: "law-soc",
      },
      object: {
        id: armId,
        properties: {
          title: "Phishing",
          labels: [{ labelName: "vip" }],
          alerts: [{ kind: "SecurityAlert" }],
          relatedEntities: [{ kind: "Ip", name: "e1" }],
          comments: [{ properties: { message: "seen" } }],
        },
      },
    });
    expect(sentinel.triggerBody(armId)).not.toHaveProperty("incidentUpdates");
  });

  it("has no entities while they are late", () => {
    const late = sentinel.addIncident({ entities: [{ kind: "Ip" }], lateReads: 1 });
    expect(sentinel.triggerBody(late)).toMatchObject({ object: { properties: { relatedEntities: [] } } });
  });

  it("of an update says what was updated", () => {
    expect(sentinel.triggerBody(armId, "Update", { alerts: [{ name: "a" }] })).toMatchObject({
      objectEventType: "Update",
      incidentUpdates: { alerts: [{ name: "a" }], comments: [] },
    });
  });
});

async function call(method: string, path: string, body?: unknown, query = "") {
  const answer = await fetch(`${sentinel.origin}${path}?api-version=2025-09-01${query}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: JSON.parse(await answer.text()) };
}

async function etagOf(id: string): Promise<string> {
  return (await call("GET", id)).body.etag;
}

async function put(id: string, body: object) {
  return call("PUT", id, { etag: await etagOf(id), ...body });
}

function putComment(message: string) {
  return call("PUT", `${armId}/comments/${commentId}`, { properties: { message } });
}

function wanted(tags: readonly string[]): Record<string, unknown> {
  const labels = tags.map((labelName) => ({ labelName }));
  return { title: "Phishing", severity: "Low", status: "New", labels };
}

async function restart(habits: SentinelHabits) {
  await sentinel.close();
  sentinel = await startSentinelSimulator({ clock: realClock(), ...habits });
  armId = sentinel.addIncident();
}
