import { sentence } from "../../domain/text";
import { untrustedText } from "../untrusted-text";
import { spaced } from "./verdict";
import type { UrlResult } from "./wire";
import { wordKey } from "./wire-values";

/**
 * ApiVoid's risk score counts as high from this value. Intezer does not document its range; ApiVoid's own is 0 to 100. The
 * limit is ours: half of that.
 */
const highRiskFrom = 50;

/** What Intezer found on the page with one classification, in its words. */
export function indicatorTexts(
  { indicators }: UrlResult,
  classification: string,
  maxLength: number,
): string[] {
  const texts = indicators
    .filter((indicator) => wordKey(indicator.classification ?? "") === classification)
    .map(({ text, indicator_type }) => untrustedText(text ?? spaced(indicator_type ?? ""), maxLength))
    // Some only repeat "malicious".
    .filter((text) => text !== undefined && wordKey(text) !== classification);
  return [...new Set(texts)] as string[];
}

/** Sentences about bad findings, two per classification. */
export function urlFindings(url: UrlResult, classifications: readonly string[]): string[] {
  return classifications.flatMap((classification) =>
    indicatorTexts(url, classification, 80)
      .slice(0, 2)
      .map((text) => `Found ${classification}: ${sentence(text)}`),
  );
}

function highRisk(url: UrlResult): number | undefined {
  const score = riskScore(url);
  return score !== undefined && score >= highRiskFrom ? score : undefined;
}

/** ApiVoid's score with at most one decimal place; `undefined` for 0. */
export function riskScore({ api_void_risk_score: score = 0 }: UrlResult): number | undefined {
  return Math.round(score * 10) / 10 || undefined;
}

/** Evidence against a verdict that is not bad; `undefined` if there is none. */
export function contraryTo(url: UrlResult): string | undefined {
  const isFlagged = url.indicators.some(
    ({ classification }) => wordKey(classification ?? "") === "malicious",
  );
  const [first] = indicatorTexts(url, "malicious", 50);
  const indicator = isFlagged ? `a malicious indicator${first ? `: ${first}` : ""}` : undefined;
  const score = highRisk(url);
  const risk = score === undefined ? undefined : `an ApiVoid risk score of ${score}`;
  return [risk, indicator].filter(Boolean).join(" and ") || undefined;
}
