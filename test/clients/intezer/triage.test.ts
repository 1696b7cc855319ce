import { describe, expect, it } from "vitest";
import { createIntezerTriage } from "../../../clients/intezer/triage";
import { incidentFrom } from "../../../clients/sentinel/arm-id";
import { type IntezerSimulatorOptions, intezerReplies } from "../../../local/simulators/intezer";
import { confirmedThreat } from "../../../local/simulators/intezer-data";
import { startIntezer } from "./setup";

const incidentArmId =
  "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/law-soc/providers/Microsoft.SecurityInsights/Incidents/73e01a99-5cd7-4139-a149-9f2736ff2ab5";
const trigger = {
  objectSchemaType: "Incident",
  workspaceId: "1",
  object: { id: incidentArmId, properties: {} },
};
const envelope = JSON.stringify(trigger);

async function start(options: Partial<IntezerSimulatorOptions> = {}) {
  const intezer = await startIntezer(options);
  const triage = createIntezerTriage({ incidentFrom, client: intezer.client, now: intezer.clock.now });
  /** The next call to a route is answered so. */
  const answer = (route: string, fault: Parameters<typeof intezer.simulator.script>[0]["fault"]) =>
    intezer.simulator.script({ match: ({ path }) => path.endsWith(route), fault });
  return { ...intezer, triage, answer };
}

describe("submitting an incident", () => {
  it("sends the trigger body as it is", async () => {
    const { triage, simulator } = await start();
    await triage.submit(envelope);
    const sent = simulator.requests.find(({ path }) => path.endsWith("/alerts/ingest"));
    expect(JSON.parse(sent?.body ?? "")).toEqual({ alert: trigger, alert_source: "microsoft_sentinel" });
  });

  it("sends a body as it is however deeply it is nested", async () => {
    const { triage, answer, simulator } = await start();
    answer("/ingest", { status: 200, json: { alert_id: "1", result: true } });
    const deep = `{"object":{"id":"${incidentArmId}"},"deep":${"[".repeat(50_000)}${"]".repeat(50_000)}}`;
    expect(await triage.submit(deep)).toEqual({
      kind: "done",
      value: { kind: "submitted", alertId: "1" },
    });
    expect(simulator.requests.at(-1)?.body).toBe(`{"alert":${deep},"alert_source":"microsoft_sentinel"}`);
  });

  it("gives the alert's id, and a second time none", async () => {
    const { triage, simulator } = await start();
    expect(await triage.submit(envelope)).toEqual({
      kind: "done",
      value: { kind: "submitted", alertId: simulator.alertIds()[0] },
    });
    expect(await triage.submit(envelope)).toEqual({ kind: "done", value: { kind: "alreadySubmitted" } });
  });

  it("is done although the answer was lost, on the next try", async () => {
    const { triage, answer } = await start();
    answer("/ingest", "dropAfter");
    expect(await triage.submit(envelope)).toMatchObject({ kind: "again" });
    expect(await triage.submit(envelope)).toEqual({ kind: "done", value: { kind: "alreadySubmitted" } });
  });

  it.each([
    [404, { status: 404, json: {} }, /no longer accepts incidents this way.*INTEZER_ALERTS/],
    [410, { status: 410 }, /no longer accepts incidents this way.*INTEZER_ALERTS/],
    [400, { status: 400, json: { error: "The request is not valid" } }, /could not read the incident/],
    [413, intezerReplies.tooLarge, /too large/],
    ["403 permission", intezerReplies.permissionMissing, /lacks the permission/, { cause: "right" }],
    ["403 quota", intezerReplies.quotaSpent, /quota/, { cause: "quota" }],
    ["403 unexplained", intezerReplies.forbidden, /lacks the permission/, { cause: "right" }],
    [
      "409 skipped by rule",
      { status: 409, json: { result: { is_skipped_by_rule: true } } },
      /A rule of the Intezer account/,
    ],
  ])("is refused with a reason after %s", async (_, fault, reason, cause: object = {}) => {
    const { triage, answer } = await start();
    answer("/ingest", fault);
    const refusal = { kind: "refused", reason: expect.stringMatching(reason), ...cause };
    expect(await triage.submit(envelope)).toEqual(refusal);
  });

  it.each([
    ["429", intezerReplies.rateLimited({ "retry-after": "7.5" }), 7.5],
    ["503", intezerReplies.unavailable, 5],
    ["a dropped connection", "dropBefore" as const, 5],
    ["an answer without an id", { status: 200, json: { result: true } }, 5],
  ])("is tried again after %s", async (_, fault, afterSeconds) => {
    const { triage, answer } = await start();
    answer("/ingest", fault);
    expect(await triage.submit(envelope)).toMatchObject({ kind: "again", afterSeconds });
  });

  it("is refused without a key, with a wrong one, and when the body is no JSON", async () => {
    const { triage, key, simulator } = await start();
    expect(await triage.submit("{")).toMatchObject({ kind: "refused" });
    expect(simulator.requests).toEqual([]);
    key.answers({ kind: "done", value: undefined });
    expect(await triage.submit(envelope)).toMatchObject({
      kind: "refused",
      reason: expect.stringContaining("INTEZER_API_KEY"),
    });
    key.answers({ kind: "done", value: "wrong" });
    expect(await triage.submit(envelope)).toMatchObject({
      kind: "refused",
      cause: "key",
      reason: expect.stringContaining("INTEZER_API_KEY"),
    });
  });
});

describe("reading an alert", () => {
  it("says that the triage is in progress, and then what it found", async () => {
    const { triage, simulator, clock, pass } = await start({ triageSeconds: 30 });
    const release = clock.hold();
    await triage.submit(envelope);
    const alertId = simulator.alertIds()[0] ?? "";
    expect(await triage.readAlert(alertId)).toEqual({
      kind: "done",
      value: { kind: "inProgress", incident: incidentFrom(incidentArmId) },
    });
    release();
    await pass(31);
    expect(await triage.readAlert(alertId)).toEqual({
      kind: "done",
      value: {
        kind: "triaged",
        incident: incidentFrom(incidentArmId),
        triage: {
          alertId,
          verdict: "confirmed_threat",
          verdictTitle: "Confirmed Threat",
          riskLevel: "High",
          riskCategory: "Generic Threat",
          family: "AgentTesla",
          note: "Intezer verdict: Confirmed Threat. Risk category: Generic Threat.",
          recommendedActions: ["Isolate the device", "Reset the user's credentials"],
          link: `https://analyze.intezer.com/alerts/${alertId}`,
          updatedAt: expect.any(Number),
        },
      },
    });
  });

  it("that is unknown says so", async () => {
    const { triage } = await start();
    expect(await triage.readAlert("ghost")).toEqual({ kind: "done", value: { kind: "notKnown" } });
  });

  it.each([
    { status: "not_found" },
    { status: "Not_Found", result: null },
    { status: "not_found", result: { alert_id: "1" } },
  ])("that is unknown may be answered with HTTP 200 and %j", async (json) => {
    const { triage, answer } = await start();
    answer("/get-by-id", { status: 200, json });
    expect(await triage.readAlert("1")).toEqual({ kind: "done", value: { kind: "notKnown" } });
  });

  it("asks for the environment that the answer names", async () => {
    const { triage, simulator, answer } = await start();
    simulator.addAlert({ alertId: "1", triage: confirmedThreat, environments: ["a", "b"] });
    answer("/get-by-id", { status: 409, json: { error: "Alert exists", environment: "b" } });
    expect(await triage.readAlert("1")).toMatchObject({ kind: "done", value: { kind: "triaged" } });
  });

  it("is refused when several environments have it and none is named", async () => {
    const { triage, simulator } = await start();
    simulator.addAlert({ alertId: "1", triage: confirmedThreat, environments: ["a", "b"] });
    expect(await triage.readAlert("1")).toMatchObject({
      kind: "refused",
      reason: expect.stringContaining("environments"),
    });
  });

  it.each([
    ["429", intezerReplies.rateLimited({ "retry-after": "7.5" }), 7.5],
    ["503", intezerReplies.unavailable, 5],
    ["a body that is cut off", "cutOff" as const, 5],
    ["HTML instead of JSON", { status: 200, text: "<html></html>" }, 5],
    ["no result", { status: 200, json: { status: "success" } }, 5],
  ])("is tried again after %s", async (_, fault, afterSeconds) => {
    const { triage, answer } = await start();
    answer("/get-by-id", fault);
    expect(await triage.readAlert("1")).toMatchObject({ kind: "again", afterSeconds });
  });

  it("is refused when the right is missing", async () => {
    const { triage, answer } = await start();
    answer("/get-by-id", intezerReplies.permissionMissing);
    expect(await triage.readAlert("1")).toMatchObject({
      kind: "refused",
      reason: expect.stringContaining("may not read alerts"),
    });
  });
});
