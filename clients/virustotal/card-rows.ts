import type { CardSection } from "../../domain/lookups/provider";
import { instantText } from "../../domain/time";
import { section, texts, worstFirst } from "../card-sections";
import { untrustedText } from "../untrusted-text";
import { communityNotesIn, originOf, textOf } from "./crowdsourced-context";
import { gtiOpinionIn } from "./google-threat-intelligence";
import type { Attributes } from "./wire";

/** VirusTotal's dates are Unix seconds. */
export function instant(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : instantText(seconds * 1000);
}

export function communityScore({ total_votes: votes }: Attributes): CardSection {
  return section("Community Score", [
    ["Malicious", votes?.malicious],
    ["Harmless", votes?.harmless],
  ]);
}

export function googleThreatIntelligence(attributes: Attributes): CardSection {
  const { verdict, severity, score } = gtiOpinionIn(attributes) ?? {};
  return section("Google Threat Intelligence", [
    ["Verdict", verdict],
    ["Severity", severity],
    ["Threat score", score === undefined ? undefined : `${score} of 100`],
  ]);
}

const mostNotes = 3;

/** Community notes, newest first, each with its date, since old ones stay for years. */
export function communityNotes(attributes: Attributes): CardSection {
  const notes = communityNotesIn(attributes).slice(0, mostNotes);
  return section(
    "Crowdsourced Context",
    notes.map((note) => [originOf(note), textOf(note)]),
  );
}

const mostEngines = 8;

/** "Sophos (phishing), Fortinet (malware) and 12 more": the engines that found something, `malicious` ones first. */
export function enginesOf(
  { last_analysis_results: results = {} }: Attributes,
  most = mostEngines,
): string | undefined {
  const fired = Object.entries(results).flatMap(([name, result]) =>
    result?.category === "malicious" || result?.category === "suspicious" ? [{ name, ...result }] : [],
  );
  const named = worstFirst(fired, ["malicious", "suspicious"], ({ category }) => category).map(
    ({ engine_name, name, result, category }) =>
      `${untrustedText(engine_name ?? name, 30)} (${untrustedText(result, 40) ?? category})`,
  );
  return texts(named, most, 80);
}
