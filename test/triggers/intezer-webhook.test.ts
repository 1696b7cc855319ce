import { describe, expect, it } from "vitest";
import { incidentFrom, scopeFrom } from "../../clients/sentinel/arm-id";
import type { Attempt } from "../../domain/attempt";
import { createIntezerWebhook, type IntezerWebhookOptions } from "../../triggers/intezer-webhook";
import { fakeTaskHub } from "../support/fake-task-hub";
import { incidentArmId, incidentId, post, quietContext, workspaceId } from "../support/requests";

const authorization = "Basic agreed-value";
const body = { alert_id: "al:1", microsoft_sentinel_incident_id: incidentArmId, note: "<b>bad</b>" };

function setUp(
  options: Partial<IntezerWebhookOptions> = {},
  secret: Attempt<string | undefined> = { kind: "done", value: authorization },
) {
  const workspace = scopeFrom(workspaceId);
  const hub = fakeTaskHub();
  const { context, lines } = quietContext();
  const webhook = createIntezerWebhook({
    development: false,
    authorization: { setting: "INTEZER_WEBHOOK_AUTHORIZATION", read: async () => secret },
    incidentFrom,
    workspaces: workspace ? [workspace] : [],
    settings: { alerts: "submit", deadlineSeconds: 1800, dryRun: false },
    toTaskHub: () => hub,
    ...options,
  });
  const call = (sent: unknown = body, headers: Record<string, string> = { authorization }) =>
    webhook(post(sent, headers), context);
  return { hub, call, lines };
}

describe("POST /api/webhooks/intezer", () => {
  it("stores the delivery with the ids only, and answers 202", async () => {
    const { hub, call } = setUp();
    expect(await call()).toEqual({ status: 202, jsonBody: { accepted: true } });
    expect(hub.started).toMatchObject([
      {
        orchestrator: "deliverTriage",
        input: { source: "webhook", alertId: "al:1", incident: { incidentId } },
      },
    ]);
    expect(hub.started[0]?.instanceId).toMatch(/^triage-[0-9a-f]{32}$/);
    expect(JSON.stringify(hub.started)).not.toContain("note");
  });

  it("starts nothing for a body that was delivered before, and something for another one", async () => {
    const { hub, call } = setUp();
    await call();
    await call();
    expect(hub.started).toHaveLength(1);
    await call({ ...body, note: "changed" });
    expect(hub.started).toHaveLength(2);
  });

  it("delivers a body again whose delivery failed", async () => {
    const { hub, call } = setUp();
    await call();
    for (const [id, instance] of hub.instances) hub.instances.set(id, { ...instance, state: "ended" });
    await call();
    expect(hub.started).toHaveLength(2);
  });

  it("takes the id of the inner alert when there is no other", async () => {
    const { hub, call } = setUp();
    await call({ alert: { alert_id: "inner" }, microsoft_sentinel_incident_id: incidentArmId });
    expect(hub.started[0]?.input).toMatchObject({ alertId: "inner" });
  });

  it.each([
    { what: "text in place of the inner alert", more: { alert: "text" } },
    { what: "an inner alert without a usable id", more: { alert: { alert_id: 7 } } },
    { what: "a number as sender", more: { sender: 1 } },
    { what: "null for everything else", more: { alert: null, sender: null, note: null } },
    { what: "a number as id, and a usable one inside", more: { alert_id: 7, alert: { alert_id: "al:1" } } },
    { what: "an empty id, and a usable one inside", more: { alert_id: "", alert: { alert_id: "al:1" } } },
  ])("takes a body with $what", async ({ more }) => {
    const { hub, call } = setUp();
    expect((await call({ ...body, ...more })).status).toBe(202);
    expect(hub.started).toMatchObject([{ input: { source: "webhook", alertId: "al:1" } }]);
  });

  it.each([
    ["a wrong value", { authorization: "Basic agreed-valuf" }],
    ["a longer value", { authorization: `${authorization}x` }],
    ["no value", {}],
  ])("answers 401 to %s", async (_case, headers) => {
    const { hub, call } = setUp();
    const response = await call(body, headers as Record<string, string>);
    expect(response).toMatchObject({ status: 401, jsonBody: { error: { code: "NotAuthorized" } } });
    expect(JSON.stringify(response)).not.toContain(authorization);
    expect(hub.started).toEqual([]);
  });

  it("needs a secret outside development, and none inside", async () => {
    const none: Attempt<string | undefined> = { kind: "done", value: undefined };
    const refused = await setUp({}, none).call(body, {});
    expect(refused).toMatchObject({ status: 503, jsonBody: { error: { code: "NotConfigured" } } });
    expect((await setUp({ development: true }, none).call(body, {})).status).toBe(202);
  });

  it("asks to try again while the vault does not answer", async () => {
    const { call } = setUp({ development: true }, { kind: "again", reason: "Key Vault: no answer in time" });
    expect((await call()).status).toBe(503);
  });

  it.each([
    ["no JSON", "nonsense", 400],
    ["an array", [], 400],
    ["no alert id", { microsoft_sentinel_incident_id: incidentArmId }, 400],
    ["an alert id that would break a query", { ...body, alert_id: 'x" | union SecurityAlert' }, 400],
    ["no incident", { alert_id: "a" }, 400],
    ["an incident that is no ARM id", { ...body, microsoft_sentinel_incident_id: "1'; drop" }, 400],
    [
      "another workspace",
      { ...body, microsoft_sentinel_incident_id: incidentArmId.replace("siem-prod", "other-one") },
      403,
    ],
    ["more than 1 MiB", { ...body, fill: "x".repeat(1024 * 1024) }, 413],
  ])("refuses %s and starts nothing", async (_case, sent, status) => {
    const { hub, call } = setUp();
    expect((await call(sent)).status).toBe(status);
    expect(hub.started).toEqual([]);
  });

  it("delivers the triage of a Defender alert by Defender's id of it", async () => {
    const { hub, call } = setUp();
    const vendorAlertId = "da639057312345678901_-1234567890";
    const sent = { ...body, sender: "msd", microsoft_sentinel_incident_id: vendorAlertId };
    expect((await call(sent)).status).toBe(202);
    expect(hub.started.map(({ input }) => input)).toEqual([
      { source: "defender", alertId: "al:1", vendorAlertId, until: expect.any(Number), dryRun: false },
    ]);
  });

  it.each(['da63" | union SecurityEvent | where "" == "', "", "a".repeat(129), incidentArmId])(
    "refuses %j as Defender's id of an alert",
    async (id) => {
      const { hub, call } = setUp();
      const sent = { ...body, sender: "msd", microsoft_sentinel_incident_id: id };
      expect((await call(sent)).status).toBe(400);
      expect(hub.started).toEqual([]);
    },
  );

  it("uses nothing while INTEZER_ALERTS is off", async () => {
    const { hub, call } = setUp({ settings: { alerts: "off", deadlineSeconds: 1800, dryRun: false } });
    expect((await call()).status).toBe(202);
    expect(hub.started).toEqual([]);
  });

  it("answers 503 when the delivery cannot be stored", async () => {
    const { hub, call } = setUp();
    hub.unreachable = true;
    expect(await call()).toMatchObject({ status: 503, jsonBody: { error: { code: "TaskHubUnreachable" } } });
  });
});
