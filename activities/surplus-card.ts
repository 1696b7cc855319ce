import type { Outcome } from "../domain/provider";

/** Cards are carried by bad answers and by the first few others: the history of a run stays small. */
export function withoutSurplusCard(outcome: Outcome, keepCard: boolean): Outcome {
  if (keepCard || outcome.kind !== "answered") return outcome;
  const { card, ...answer } = outcome.answer;
  const isBad = answer.verdict === "malicious" || answer.verdict === "suspicious";
  return card === undefined || isBad ? outcome : { kind: "answered", answer };
}
