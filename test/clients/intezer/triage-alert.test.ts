import { describe, expect, it } from "vitest";
import { alertReadingFrom } from "../../../clients/intezer/triage";
import { incidentFrom } from "../../../clients/sentinel/arm-id";
import type { Triage } from "../../../domain/report/triage";
import { bodyOf } from "./setup";

const incidentArmId =
  "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/law-soc/providers/Microsoft.SecurityInsights/Incidents/73e01a99-5cd7-4139-a149-9f2736ff2ab5";

const incident = incidentFrom(incidentArmId);
const readingOf = (body: unknown, alertId: string) => alertReadingFrom(body, alertId, incidentFrom);
const read = (result: object, status = "success") => readingOf({ result, status }, "111223");

function triageOf(alert: object, result: object = {}): Triage {
  const reading = read({ triage_result: { alert_verdict: "confirmed_threat", ...result }, ...alert });
  if (reading?.kind === "triaged") return reading.triage;
  throw new Error(`No triage, but ${JSON.stringify(reading)}`);
}

describe("a finished alert", () => {
  it("of an incident is read with everything an analyst would see", () => {
    const alertId = "73e01a99-5cd7-4139-a149-9f2736ff2ab5";
    expect(readingOf(bodyOf("alert-done-sentinel"), alertId)).toEqual({
      kind: "triaged",
      triage: {
        alertId,
        verdict: "confirmed_threat",
        verdictTitle: "Confirmed Threat",
        riskLevel: "High",
        riskCategory: "Generic Threat",
        family: "Carbanak",
        note: `Intezer verdict: Confirmed Threat. Risk category: Generic Threat. https://analyze.intezer.com/alerts/${alertId}`,
        recommendedActions: [],
        link: `https://analyze.intezer.com/alerts/${alertId}`,
        updatedAt: Date.UTC(2026, 6, 8, 9, 16, 40),
      },
    });
  });

  it("of another product is read too", () => {
    expect(readingOf(bodyOf("alert-done-threat"), "111223")).toEqual({
      kind: "triaged",
      triage: {
        alertId: "111223",
        verdict: "confirmed_threat",
        verdictTitle: "Confirmed Threat",
        riskLevel: "High",
        riskCategory: "Generic Threat",
        recommendedActions: [],
        link: "https://analyze.intezer.com/alerts/111223",
      },
    });
    expect(readingOf(bodyOf("alert-done-audited"), "ldt:xxxxxx")).toMatchObject({
      kind: "triaged",
      triage: { verdict: "audited", verdictTitle: "Audited", riskLevel: "Informational", note: "xxx" },
    });
  });

  it.each(["Confirmed_Threat", "CONFIRMED_THREAT", "confirmed threat", " Confirmed Threat "])(
    "is judged by its verdict written %j",
    (alert_verdict) => {
      expect(triageOf({}, { alert_verdict })).toMatchObject({ verdict: "confirmed_threat" });
    },
  );

  it("is judged by the display text of a verdict where there is nothing else", () => {
    expect(triageOf({}, { alert_verdict: null, alert_verdict_display: "Confirmed Threat" })).toMatchObject({
      verdict: "confirmed_threat",
      verdictTitle: "Confirmed Threat",
    });
  });

  it("derives titles as Intezer writes them where they are missing", () => {
    expect(
      triageOf({}, { alert_verdict: "likely_true_positive", risk_category: "generic_threat" }),
    ).toMatchObject({
      verdict: "likely_true_positive",
      verdictTitle: "Likely True Positive",
      riskCategory: "Generic Threat",
    });
  });

  it("names a family only where something is bad", () => {
    expect(triageOf({}, { threat_name: "Vobfus" }).family).toBe("Vobfus");
    expect(triageOf({}, { family_name: "Carbanak", threat_name: "Vobfus" }).family).toBe("Carbanak");
    expect(triageOf({}, { alert_verdict: "false_positive", family_name: "Carbanak" }).family).toBeUndefined();
    expect(triageOf({}, { alert_verdict: "inconclusive", family_name: "Carbanak" }).family).toBeUndefined();
  });

  it("keeps the text of a note and drops its markup and links to other hosts", () => {
    const triage = triageOf({
      note: `<img src=x onerror=alert(1)><p>Look <a href="https://evil.example/">here</a></p>${"A".repeat(5000)}`,
      intezer_alert_url: "https://evil.example/",
    });
    expect(triage.note).toMatch(/^Look here A+…$/);
    expect(triage.note).toHaveLength(2000);
    expect(triage.link).toBeUndefined();
  });

  it.each([
    [["isolate_device"], "", ["Isolate Device"]],
    [
      ["isolate_device"],
      "Isolate the device\nReset <b>all</b> passwords",
      ["Isolate the device", "Reset all passwords"],
    ],
    [undefined, "Isolate the device<br>Call home", ["Isolate the device", "Call home"]],
    [[{ action: 1 }], undefined, []],
    ["isolate_device", null, []],
    [Array(50).fill("x"), "", Array(10).fill("X")],
  ])("lists the recommended actions %j with the display text %j", (actions, display, recommended) => {
    const response = { user_recommended_actions: actions, user_recommended_actions_display: display };
    expect(triageOf({ response }).recommendedActions).toEqual(recommended);
  });

  it("without a verdict has not been triaged", () => {
    expect(read({ triage_result: {} })).toEqual({ kind: "inProgress" });
    expect(read({})).toEqual({ kind: "inProgress" });
  });

  it("survives nonsense in every key", () => {
    const nonsense = {
      note: 5,
      response: [],
      raw_alert: "text",
      alert_update_time: {},
      intezer_alert_url: [],
    };
    expect(triageOf(nonsense, { risk_level: null, family_name: {}, alert_verdict_display: 1 })).toEqual({
      alertId: "111223",
      verdict: "confirmed_threat",
      verdictTitle: "Confirmed Threat",
      recommendedActions: [],
    });
  });
});

it.each(["alert-in-progress", "alert-queued"])("%s has no triage yet", (name) => {
  expect(readingOf(bodyOf(name), "1")).toEqual({ kind: "inProgress" });
});

it("does not take a partial result of a running triage for one", () => {
  const result = { triage_result: { alert_verdict: "confirmed_threat" } };
  expect(read(result, "in_progress")).toEqual({ kind: "inProgress" });
});

describe("the incident", () => {
  it.each([
    ["of our submission is taken from its echo", { raw_alert: { object: { id: incidentArmId } } }],
    ["may be named beside it", { microsoft_sentinel_incident_id: incidentArmId }],
  ])("%s", (_, alert) => {
    expect(read(alert)).toEqual({ kind: "inProgress", incident });
  });

  it.each([
    ["a vendor's alert id", { microsoft_sentinel_incident_id: "dadc8f3b0e_1" }],
    ["another path", { raw_alert: { object: { id: "../incidents/1" } } }],
  ])("is not %s", (_, alert) => {
    expect(read(alert)).toEqual({ kind: "inProgress" });
  });
});

describe("an alert that Defender gave to Intezer", () => {
  const triage_result = { alert_verdict: "false_positive" };

  it("has the ids by which Defender may know it", () => {
    const alert = { sender: "msd", alert: { alert_id: "da1" }, microsoft_sentinel_incident_id: "da2" };
    expect(read({ triage_result, ...alert })).toMatchObject({ defenderAlertIds: ["da2", "da1", "111223"] });
    expect(read({ triage_result })).toMatchObject({ defenderAlertIds: ["111223"] });
  });

  it.each([
    ["another sender", { sender: "cs" }],
    ["our own submission", { raw_alert: { object: { id: incidentArmId } } }],
  ])("is none with %s", (_, alert) => {
    expect(read({ triage_result, ...alert })).not.toHaveProperty("defenderAlertIds");
  });
});

it.each([undefined, null, [], {}, { result: true }, { result: "text", status: "success" }])(
  "makes nothing of %j",
  (body) => {
    expect(readingOf(body, "1")).toBeUndefined();
  },
);
