import { describe, expect, it } from "vitest";
import { urlOutcomeFrom } from "../../../clients/intezer/answer";
import { answerOf } from "./setup";

describe("what speaks against a clean URL", () => {
  const clean = { verdict_type: "no_threats" };
  const rowOf = (more: object) => answerOf(urlOutcomeFrom({ summary: clean, ...more }));

  it.each([
    { score: 87, row: "no threats, but an ApiVoid risk score of 87" },
    { score: "87", row: "no threats, but an ApiVoid risk score of 87" },
    { score: 50, row: "no threats, but an ApiVoid risk score of 50" },
    { score: 87.25, row: "no threats, but an ApiVoid risk score of 87.3" },
    { score: 49, row: "no threats" },
    { score: 0, row: "no threats" },
    { score: -87, row: "no threats" },
    { score: "high", row: "no threats" },
    { score: null, row: "no threats" },
    { score: [87], row: "no threats" },
    { score: true, row: "no threats" },
    { score: Number.NaN, row: "no threats" },
  ])("is a high risk score, and $score makes the row: $row", ({ score, row }) => {
    expect(rowOf({ api_void_risk_score: score })).toMatchObject({ verdict: "clean", summary: row });
  });

  it.each([
    {
      what: "its text",
      indicator: { classification: "malicious", text: "Phishing page" },
      row: "no threats, but a malicious indicator: Phishing page",
    },
    {
      what: "its type where there is no text",
      indicator: { classification: "malicious", text: null, indicator_type: "phishing_page" },
      row: "no threats, but a malicious indicator: phishing page",
    },
    {
      what: "nothing more where it says nothing more",
      indicator: { classification: "MALICIOUS ", text: "malicious" },
      row: "no threats, but a malicious indicator",
    },
    {
      what: "nothing of one that is only suspicious",
      indicator: { classification: "suspicious", text: "Young domain" },
      row: "no threats",
    },
    { what: "nothing of one without a classification", indicator: { text: "x" }, row: "no threats" },
    { what: "nothing of nonsense", indicator: null, row: "no threats" },
  ])("is a malicious indicator, shown with $what", ({ indicator, row }) => {
    const answer = rowOf({ indicators: [null, "text", indicator] });
    expect(answer).toMatchObject({ verdict: "clean", summary: row });
  });

  it("is not repeated where the verdict is bad", () => {
    const indicators = [{ classification: "malicious", text: "Phishing page" }];
    const answer = answerOf(urlOutcomeFrom({ summary: { verdict_type: "suspicious" }, indicators }));
    expect(answer.summary).toBe("suspicious");
  });

  it.each([{ indicators: "many" }, { indicators: { classification: "malicious" } }, { redirect_chain: 5 }])(
    "is nothing that cannot be read: %j",
    (more) => {
      expect(rowOf(more)).toMatchObject({ verdict: "clean", summary: "no threats" });
    },
  );
});
