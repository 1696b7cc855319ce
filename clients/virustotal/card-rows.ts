import type { CardSection } from "../../domain/lookups/provider";
import { instantText } from "../../domain/time";
import { section, texts, worstFirst } from "../card-sections";
import { untrustedText } from "../untrusted-text";
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

const mostEngines = 8;

/** "Sophos (phishing), Fortinet (malware) and 12 more": the engines that found something, `malicious` ones first. */
export function enginesOf({ last_analysis_results: results = {} }: Attributes): string | undefined {
  const fired = Object.entries(results).flatMap(([name, result]) =>
    result?.category === "malicious" || result?.category === "suspicious" ? [{ name, ...result }] : [],
  );
  const named = worstFirst(fired, ["malicious", "suspicious"], ({ category }) => category).map(
    ({ engine_name, name, result, category }) =>
      `${untrustedText(engine_name ?? name, 30)} (${untrustedText(result, 40) ?? category})`,
  );
  return texts(named, mostEngines, 80);
}
