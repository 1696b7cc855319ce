import { describe, expect, it } from "vitest";
import type { RunInput } from "../../domain/run/run";
import { fakeTaskHub } from "../support/fake-task-hub";
import { incidentArmId, incidentId, post } from "../support/requests";
import { body, instanceId, settings, setUp } from "./incident-setup";

const relay = "aaaaaaaa-0000-0000-0000-000000000001";
const mebibyte = 1024 * 1024;

describe("POST /api/incidents", () => {
  it("starts the incident's run and answers without Location and links", async () => {
    const { hub, call } = setUp();
    expect(await call()).toEqual({ status: 202, jsonBody: { instanceId, accepted: true, duplicate: false } });
    expect(hub.started).toMatchObject([
      {
        orchestrator: "enrichIncident",
        instanceId,
        input: { eventType: "Create", incident: { incidentId } },
      },
    ]);
    expect(JSON.stringify(hub.started)).not.toContain("envelope");
  });

  it("takes parts out of the run by the header x-enricher-without", async () => {
    const { hub, call } = setUp({ settings: { ...settings, alerts: "submit" } });
    await call(post(body, { "x-enricher-without": "intezer-alerts" }));
    const input = hub.started[0]?.input as RunInput | undefined;
    expect(input?.settings.alerts).toBe("off");
    expect(input).not.toHaveProperty("envelope");
  });

  it("refuses an unknown word in that header and names those it knows", async () => {
    const { hub, call } = setUp();
    expect(await call(post(body, { "x-enricher-without": "virustotall" }))).toMatchObject({
      status: 400,
      jsonBody: { error: { message: expect.stringContaining("intezer-urls, virustotal") } },
    });
    expect(hub.started).toEqual([]);
  });

  it("keeps the trigger's body for Intezer only where the incident is submitted", async () => {
    const { hub, call } = setUp({ settings: { ...settings, alerts: "submit" } });
    await call();
    const input = hub.started[0]?.input as RunInput | undefined;
    expect(JSON.parse(input?.envelope ?? "")).toEqual(body);
  });

  it.each([
    ["runs", { state: "running" as const }, true],
    ["waits to run", { state: "pending" as const }, true],
    [
      "ended with success a minute ago",
      { state: "ended" as const, succeeded: true, updatedAt: Date.now() - 60_000 },
      true,
    ],
    [
      "ended with success 16 minutes ago",
      { state: "ended" as const, succeeded: true, updatedAt: Date.now() - 960_000 },
      false,
    ],
    ["failed a minute ago", { state: "ended" as const, updatedAt: Date.now() - 60_000 }, false],
  ])("answers for a run that %s", async (_state, instance, duplicate) => {
    const { hub, call } = setUp({}, fakeTaskHub({ id: instanceId, ...instance }));
    expect((await call()).jsonBody).toEqual({ instanceId, accepted: true, duplicate });
    expect(hub.started).toHaveLength(duplicate ? 0 : 1);
  });

  it.each([
    { what: "no JSON", sent: "{", status: 400, code: "NotJson" },
    { what: "no object", sent: "7", status: 400, code: "NoIncident" },
    { what: "null", sent: "null", status: 400, code: "NoIncident" },
    { what: "no incident", sent: { object: {} }, status: 400, code: "NoIncident" },
    {
      what: "an incident id that is none",
      sent: { object: { id: "../../../secrets" } },
      status: 400,
      code: "NoIncident",
    },
    {
      what: "a path with ..",
      sent: { object: { id: incidentArmId.replace("/soc/", "/../") } },
      status: 400,
      code: "NoIncident",
    },
    {
      what: "encoded slashes",
      sent: { object: { id: incidentArmId.replace("/soc/", "/so%2Fc/") } },
      status: 400,
      code: "NoIncident",
    },
    {
      what: "another workspace",
      sent: { object: { id: incidentArmId.replace("siem-prod", "other-one") } },
      status: 403,
      code: "WorkspaceNotServed",
    },
    {
      what: "17 MiB",
      sent: { ...body, fill: "x".repeat(17 * mebibyte) },
      status: 413,
      code: "TooLarge",
    },
  ])("refuses $what and starts nothing", async ({ sent, status, code }) => {
    const { hub, call } = setUp();
    const response = await call(post(sent));
    expect(response).toMatchObject({ status, jsonBody: { error: { code } } });
    expect(JSON.stringify(response)).not.toMatch(/at .*\.ts|node_modules/);
    expect(hub.started).toEqual([]);
  });

  it.each([
    { what: "almost 16 MiB", more: { fill: "x".repeat(16 * mebibyte - 1024) } },
    { what: "a number as type of the event", more: { objectEventType: 1 } },
    { what: "null for updates", more: { incidentUpdates: null } },
    { what: "text for updates", more: { incidentUpdates: "none" } },
    { what: "text for added alerts", more: { incidentUpdates: { alerts: "none", updatedBy: 7 } } },
    { what: "a number for the workspace", more: { workspaceInfo: 7, workspaceId: null } },
    { what: "text for the properties", more: { object: { id: incidentArmId, properties: "none" } } },
    {
      what: "odd comments",
      more: { object: { id: incidentArmId, properties: { comments: [null, 7, { name: 7 }] } } },
    },
    {
      what: "no list of comments",
      more: { object: { id: incidentArmId, properties: { comments: "none" } } },
    },
  ])("takes a body with $what", async ({ more }) => {
    const { hub, call } = setUp();
    expect(await call(post({ ...body, ...more }))).toMatchObject({
      status: 202,
      jsonBody: { accepted: true, duplicate: false },
    });
    expect(hub.started).toHaveLength(1);
  });

  it("takes a body that is nested deeply", async () => {
    const { hub, call } = setUp({ settings: { ...settings, alerts: "submit" } });
    const deep = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
    const sent = JSON.stringify({ ...body, deep: "here" }).replace('"here"', deep);
    expect((await call(post(sent))).status).toBe(202);
    expect((hub.started[0]?.input as RunInput | undefined)?.envelope).toBe(sent);
  });

  it("does not care for the case of letters in the id", async () => {
    const { hub, call } = setUp();
    await call(post({ object: { id: incidentArmId.toUpperCase() } }));
    expect(hub.started[0]?.instanceId).toBe(instanceId);
  });

  it.each([
    ["severity", { objectEventType: "Update", object: body.object, incidentUpdates: {} }, false],
    ["nothing it names", { objectEventType: "Update", object: body.object }, false],
    [
      "added alerts",
      { objectEventType: "Update", object: body.object, incidentUpdates: { alerts: [{}] } },
      true,
    ],
  ])("takes an update of %s", async (_what, sent, accepted) => {
    const { hub, call } = setUp();
    expect(await call(post(sent))).toMatchObject({ status: 202, jsonBody: { accepted, duplicate: false } });
    expect(hub.started).toHaveLength(accepted ? 1 : 0);
  });

  it.each([
    ["without platform authentication", { relayPrincipalIds: [relay] }, relay, 503],
    ["without the setting", { platformAuthentication: true }, relay, 503],
    ["for another caller", { platformAuthentication: true, relayPrincipalIds: [relay] }, "someone", 403],
    ["for no caller", { platformAuthentication: true, relayPrincipalIds: [relay] }, undefined, 403],
    ["for the relay", { platformAuthentication: true, relayPrincipalIds: [relay] }, relay.toUpperCase(), 202],
  ])("answers in production %s", async (_case, options, caller, status) => {
    const { hub, call } = setUp({ development: false, ...options });
    const headers: Record<string, string> = caller ? { "x-ms-client-principal-id": caller } : {};
    expect((await call(post(body, headers))).status).toBe(status);
    expect(hub.started).toHaveLength(status === 202 ? 1 : 0);
  });

  it("answers 503 when the task hub cannot be reached", async () => {
    const { hub, call } = setUp();
    hub.unreachable = true;
    expect(await call()).toMatchObject({ status: 503, jsonBody: { error: { code: "TaskHubUnreachable" } } });
  });
});
