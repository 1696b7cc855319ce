import { describe, expect, it } from "vitest";
import { deliveryIdOf, type Triage, triageFrom, verdictOfTriage } from "../../../domain/report/triage";

const triage: Triage = {
  alertId: "al:1",
  verdict: "confirmed_threat",
  verdictTitle: "Confirmed Threat",
  riskLevel: "High",
  note: "A note.",
  recommendedActions: [],
};

describe("verdictOfTriage", () => {
  it.each([
    ["confirmed_threat", "malicious"],
    ["likely_true_positive", "suspicious"],
    ["suspicious_behavior", "suspicious"],
    ["false_positive", "clean"],
    ["inconclusive", "unknown"],
    ["audited", "unknown"],
    ["a_verdict_of_tomorrow", "unknown"],
    ["constructor", "unknown"],
  ])("%s is %s", (verdict, expected) => {
    expect(verdictOfTriage({ ...triage, verdict })).toBe(expected);
  });
});

describe("deliveryIdOf", () => {
  it("is the same for the same triage, whatever else the alert says", () => {
    expect(deliveryIdOf(triage)).toBe("6fccf09ebf429565");
    expect(deliveryIdOf({ ...triage, link: "https://analyze.intezer.com/x", updatedAt: 5 })).toBe(
      deliveryIdOf(triage),
    );
  });

  it.each<Partial<Triage>>([
    { alertId: "al:2" },
    { verdict: "audited" },
    { riskLevel: "Low" },
    { note: "Other." },
  ])("changes with %o", (change) => {
    expect(deliveryIdOf({ ...triage, ...change })).not.toBe(deliveryIdOf(triage));
  });
});

describe("triageFrom", () => {
  it("reads what our own activity raises", () => {
    expect(triageFrom({ triage })).toEqual(triage);
  });

  it.each([
    [null],
    ["text"],
    [{}],
    [{ triage: { verdict: "clean" } }],
    [{ triage: { ...triage, recommendedActions: "all" } }],
  ])("takes %o for no triage", (payload) => {
    expect(triageFrom(payload)).toBeUndefined();
  });
});
