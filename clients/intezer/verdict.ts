import type { Verdict } from "../../domain/verdict";
import { untrustedText } from "../untrusted-text";

/** What a verdict of Intezer's is here. */
export interface Reading {
  readonly verdict: Verdict;
  /** Cell of the comment's column. */
  readonly title: string;
  readonly trusted?: true;
}

/** Verdicts of files and URLs. Intezer may add some: these are shown as they are, and are never clean. */
const readings: ReadonlyMap<string, Reading> = new Map([
  ["malicious", { verdict: "malicious", title: "Malicious" }],
  ["suspicious", { verdict: "suspicious", title: "Suspicious" }],
  ["unknown", { verdict: "unknown", title: "Unknown" }],
  ["neutral", { verdict: "clean", title: "Neutral" }],
  ["no_threats", { verdict: "clean", title: "No threats" }],
  ["trusted", { verdict: "clean", title: "Trusted", trusted: true }],
]);

export function isBad({ verdict }: Reading): boolean {
  return verdict === "malicious" || verdict === "suspicious";
}

/** An unknown verdict keeps the service's own words, and its title where it has one. */
export function readingOf(verdict: string, title?: string): Reading {
  return (
    readings.get(verdict.toLowerCase()) ?? {
      verdict: "unknown",
      title: untrustedText(title, 40) ?? untrustedText(verdict, 40) ?? "Unknown",
    }
  );
}

/** E.g. "malicious (known malicious)"; the finer word only where it says more. */
export function verdictText(verdict: string, finer: string | undefined): string {
  const known = readings.has(verdict.toLowerCase());
  const text = known ? spaced(verdict.toLowerCase()) : `"${untrustedText(verdict, 40) ?? ""}"`;
  return isFiner(finer, verdict) ? `${text} (${untrustedText(spaced(finer), 40) ?? ""})` : text;
}

export function isFiner(finer: string | undefined, verdict: string): finer is string {
  return finer !== undefined && /\S/.test(finer) && finer.toLowerCase() !== verdict.toLowerCase();
}

export function spaced(word: string): string {
  return word.replaceAll("_", " ");
}
