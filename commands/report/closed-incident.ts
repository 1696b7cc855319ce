import type { IndicatorKind } from "../../domain/indicators/indicator";
import { isBad, type Verdict } from "../../domain/verdict";

/** One provider's answer about one indicator, as the results table has it. */
export interface RecordedLookup {
  readonly kind: IndicatorKind;
  readonly indicator: string;
  /** Of all providers together. */
  readonly indicatorVerdict: Verdict;
  readonly provider: string;
  readonly verdict?: Verdict | undefined;
  /** Engines that call it malicious, and those that call it suspicious, where the provider counts engines. */
  readonly detections?: number | undefined;
  readonly suspicious?: number | undefined;
}

/** An incident that was enriched and is closed. */
export interface ClosedIncident {
  readonly number: number;
  readonly title: string;
  /** Name of the workspace that holds it. */
  readonly workspace: string;
  /** Names of the analytics rules that raised its alerts; one that says so where there is none. */
  readonly rules: readonly string[];
  /** Ours, by its latest report. */
  readonly verdict: Verdict;
  /** The analysts': `TruePositive`, `FalsePositive`, `BenignPositive`, `Undetermined`, or empty. */
  readonly classification: string;
  /** Those that are bad, or that any engine detects: the others no threshold can change. */
  readonly lookups: readonly RecordedLookup[];
}

/** What the closing says of our verdict (docs/report.md). */
export type Result = "hit" | "falseAlarm" | "missed" | "expected" | "agreed" | "notJudged";

/** Whether a verdict counts as a finding. */
export type Flags = (verdict: Verdict) => boolean;

export const maliciousOnly: Flags = (verdict) => verdict === "malicious";
export const maliciousOrSuspicious: Flags = isBad;

/** By the analysts' classification: the result when we found something, and when we did not. */
const results: Readonly<Record<string, { readonly found: Result; readonly notFound: Result }>> = {
  TruePositive: { found: "hit", notFound: "missed" },
  FalsePositive: { found: "falseAlarm", notFound: "agreed" },
  BenignPositive: { found: "expected", notFound: "agreed" },
};

/** `Undetermined`, no classification and any other word judge nothing. */
export function resultOf(verdict: Verdict, classification: string, flags: Flags): Result {
  const result = results[classification];
  if (!result) return "notJudged";
  return flags(verdict) ? result.found : result.notFound;
}
