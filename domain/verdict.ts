/** From worst to best. `clean` requires a provider's assessment; without one an indicator is `unknown`. */
export const verdicts = ["malicious", "suspicious", "unknown", "clean"] as const;
export type Verdict = (typeof verdicts)[number];

export function worstOf(all: readonly Verdict[]): Verdict | undefined {
  return verdicts.find((verdict) => all.includes(verdict));
}

export function isBad(verdict: Verdict): boolean {
  return verdict === "malicious" || verdict === "suspicious";
}
