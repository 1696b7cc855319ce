import { sentence } from "../../domain/text";
import { isBad, type Verdict, worstOf } from "../../domain/verdict";
import { untrustedText } from "../untrusted-text";
import type { UrlResult } from "./wire";
import { wordKey } from "./wire-values";

/** One of Intezer's verdicts in the app's terms. */
export interface Assessment {
  readonly verdict: Verdict;
  /** As the comment shows it. */
  readonly title: string;
  readonly trusted?: true;
}

/** Verdicts of files and URLs. Verdicts that Intezer may add are shown as they are, and are never clean. */
const assessments: ReadonlyMap<string, Assessment> = new Map([
  ["malicious", { verdict: "malicious", title: "malicious" }],
  ["suspicious", { verdict: "suspicious", title: "suspicious" }],
  ["unknown", { verdict: "unknown", title: "unknown" }],
  ["neutral", { verdict: "clean", title: "neutral" }],
  ["no_threats", { verdict: "clean", title: "no threats" }],
  ["trusted", { verdict: "clean", title: "trusted", trusted: true }],
]);

/** An unknown verdict keeps the service's own word, or its title if there is one. */
export function assess(verdict: string | undefined, title?: string): Assessment {
  const known = assessments.get(wordKey(verdict ?? ""));
  if (known) return known;
  return {
    verdict: "unknown",
    title: untrustedText(title, 40) ?? untrustedText(verdict, 40) ?? "no verdict",
  };
}

/**
 * Assesses a verdict and its subverdict. If the subverdict is a verdict itself, the worse one counts; if the verdict is
 * missing, only the subverdict counts.
 */
export function assessBoth(
  verdict: string | undefined,
  finer: string | undefined,
  title?: string,
): Assessment {
  const main = assess(verdict, title);
  const other = assessments.get(wordKey(finer ?? ""));
  if (!other) return main;
  if (verdict === undefined) return other;
  const isWorse = isBad(other.verdict) && worstOf([main.verdict, other.verdict]) !== main.verdict;
  return isWorse ? other : main;
}

export function isKnown(verdict: string): boolean {
  return assessments.has(wordKey(verdict));
}

/** E.g. "malicious (known malicious)"; with the subverdict only if it adds something. */
export function verdictText(verdict: string | undefined, finer: string | undefined): string {
  const more = isFiner(finer, verdict) ? untrustedText(spaced(finer), 40) : undefined;
  const text = assessments.has(wordKey(verdict ?? ""))
    ? spaced(wordKey(verdict ?? ""))
    : verdict === undefined
      ? "missing"
      : `"${untrustedText(verdict, 40) ?? ""}"`;
  return more ? `${text} (${more})` : text;
}

export function isFiner(finer: string | undefined, verdict: string | undefined): finer is string {
  return finer !== undefined && wordKey(finer) !== wordKey(verdict ?? "");
}

export function spaced(word: string): string {
  return word.replaceAll("_", " ");
}

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
