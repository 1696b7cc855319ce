import { beforeEach, expect, it } from "vitest";
import { scopeFrom } from "../../../clients/sentinel/arm-id";
import { createIncidentList } from "../../../clients/sentinel/incident-list";
import type { IncidentQuery } from "../../../domain/incident/incident-store";
import type { SentinelSimulator } from "../../../local/simulators/sentinel";
import { startSentinel } from "./support";

let sentinel: SentinelSimulator;
beforeEach(async () => {
  ({ sentinel } = await startSentinel({ incidentsPerPage: 2 }));
});

const since = Date.parse("2026-11-20T00:00:00Z");

function list(most = 100, by: IncidentQuery["by"] = "createdAt") {
  const workspace = scopeFrom(sentinel.workspace);
  if (!workspace) throw new Error("The simulator has no workspace.");
  const credential = { getToken: async () => null };
  const incidents = createIncidentList({ endpoint: sentinel.origin, credential, timeoutMs: 5_000 });
  return incidents(workspace, { by, since, most });
}

const raise = (n: number, day: number) =>
  sentinel.addIncident({
    incidentNumber: n,
    severity: "High",
    tags: [`tag-${n}`],
    createdTimeUtc: `2026-11-${day}T10:00:00.1234567Z`,
  });

it("reads all pages of what was created since then, newest first", async () => {
  for (const [n, day] of [1, 19, 2, 20, 3, 21, 4, 22].entries()) if (n % 2) raise(n, day);
  const listed = await list();
  expect(
    listed.kind === "done" && listed.value.map(({ createdAt }) => new Date(createdAt).getUTCDate()),
  ).toEqual([22, 21, 20]);
  expect(listed).toMatchObject({ value: [{ severity: "High", status: "New", tags: ["tag-7"] }, {}, {}] });
});

it("reads what has changed since then, the oldest change first, with its alerts and comments", async () => {
  for (const [n, day] of [21, 19, 22].entries())
    sentinel.addIncident({
      incidentNumber: n,
      createdTimeUtc: "2026-11-01T10:00:00Z",
      lastModifiedTimeUtc: `2026-11-${day}T10:00:00.1234567Z`,
      comments: ["Looked at."],
    });
  const listed = await list(100, "changedAt");
  expect(listed).toMatchObject({
    value: [21, 22].map((day) => ({
      changedAt: Date.parse(`2026-11-${day}T10:00:00.123Z`),
      alertsCount: 1,
      commentsCount: 1,
    })),
  });
});

it.each([
  { shown: 7, alertsCount: 7 },
  { shown: "150+", alertsCount: 150 },
  { shown: "many", alertsCount: undefined },
  { shown: null, alertsCount: undefined },
])("reads $shown alerts as $alertsCount", async ({ shown, alertsCount }) => {
  const properties = { createdTimeUtc: "2026-11-21T10:00:00Z", additionalData: { alertsCount: shown } };
  const value = [{ id: raise(1, 21), properties }];
  sentinel.script({ match: () => true, fault: { status: 200, json: { value } } });
  const listed = await list();
  expect(listed.kind === "done" && listed.value[0]?.alertsCount).toBe(alertsCount);
});

it("reads no further than it is asked to", async () => {
  for (const n of [1, 2, 3, 4, 5]) raise(n, 21);
  const listed = await list(2);
  expect(listed.kind === "done" && listed.value).toHaveLength(2);
  expect(sentinel.requests).toHaveLength(1);
});

it("names the role that is missing", async () => {
  sentinel.script({
    match: () => true,
    fault: { status: 403, json: { error: { code: "AuthorizationFailed" } } },
  });
  expect(await list()).toMatchObject({ kind: "refused", reason: expect.stringContaining("Sentinel Reader") });
});

it("takes something that is no list for a fault", async () => {
  sentinel.script({ match: () => true, fault: { status: 200, json: { value: "none" } } });
  expect(await list()).toMatchObject({ kind: "again" });
});

it("shows the other incidents beside one that cannot be read", async () => {
  const first = raise(1, 21);
  const properties = {
    severity: null,
    status: "New",
    createdTimeUtc: "2026-11-21T10:00:00Z",
    labels: "none",
  };
  const value = [null, { id: 5 }, { id: first, properties: null }, { id: first, properties }];
  sentinel.script({ match: () => true, fault: { status: 200, json: { value } } });
  expect(await list()).toMatchObject({
    kind: "done",
    value: [{ number: 0, severity: "", status: "New", tags: [] }],
  });
});

it("ends although the pages lead round in a circle", async () => {
  const nextLink = `${sentinel.origin}/subscriptions/x?$skipToken=1`;
  sentinel.script({ match: () => true, times: 1000, fault: { status: 200, json: { value: [], nextLink } } });
  expect(await list()).toEqual({ kind: "done", value: [] });
});
