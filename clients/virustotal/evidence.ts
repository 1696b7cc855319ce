import { listed } from "../../domain/text";
import { countsText } from "../card";
import { untrustedText } from "../untrusted-text";
import { detecting, type EngineCounts } from "./opinions";
import { type Attributes, numberOf } from "./wire";

/** What a file did in sandboxes and in traffic. */
interface Evidence {
  /** Sentences about what was seen. */
  readonly seen: readonly string[];
  /** It makes the file at least suspicious. */
  readonly raises: boolean;
  /** False if something that could raise the verdict is unreadable. */
  readonly readable: boolean;
}

/**
 * This many Sigma or IDS rules of level `high` are evidence by themselves: a capture of malicious traffic that no engine
 * detects has 47, while signed installers match one or a few (SigmaHQ/sigma#2949, vial-kb/vial-qmk#749).
 */
const manyRules = 10;

/**
 * A sandbox that calls the file malicious or a Sigma rule of level `critical` raises the verdict. A few rules of level
 * `high` do so only together with a detection or a sandbox that finds it at least suspicious: alone they are noise.
 */
export function evidenceIn(attributes: Attributes, engines: EngineCounts): Evidence {
  const sandboxes = sandboxesIn(attributes);
  const sigma = sigmaIn(attributes);
  const ids = idsIn(attributes);
  const high = Math.max(sigma.high, ids.high);
  const isBacked = detecting(engines) > 0 || sandboxes.malicious.length + sandboxes.suspicious.length > 0;
  const raises =
    sandboxes.malicious.length > 0 || sigma.critical > 0 || (high > 0 && isBacked) || high >= manyRules;
  const alone = raises ? "" : ", which is often noise";
  return {
    raises,
    readable: sandboxes.readable && sigma.readable && ids.readable,
    seen: [
      ...bySandboxes("malicious", sandboxes.malicious),
      ...(sandboxes.malicious.length === 0 ? bySandboxes("suspicious", sandboxes.suspicious) : []),
      ...(sandboxes.readable ? [] : ["A sandbox verdict could not be read."]),
      ...(sigma.critical + sigma.high > 0
        ? [
            `Sigma rules matched: ${countsText([
              [sigma.critical, "critical"],
              [sigma.high, "high"],
            ])}${alone}.`,
          ]
        : []),
      ...(sigma.readable ? [] : ["The number of matching Sigma rules could not be read."]),
      ...(ids.high > 0 ? [`High-severity IDS rules matched in its traffic: ${ids.high}${alone}.`] : []),
      ...(ids.readable ? [] : ["The number of matching IDS rules could not be read."]),
    ],
  };
}

function bySandboxes(verdict: string, names: readonly string[]): readonly string[] {
  return names.length > 0 ? [`Called ${verdict} by sandboxes: ${listed(names, 3)}.`] : [];
}

function sandboxesIn({ sandbox_verdicts: verdicts = {} }: Attributes) {
  const all = Object.entries(verdicts);
  const named = (wanted: string) =>
    all.flatMap(([name, verdict]) =>
      verdict !== "unreadable" && verdict?.category === wanted
        ? [untrustedText(verdict.sandbox_name ?? name, 30) ?? "unnamed"]
        : [],
    );
  return {
    malicious: named("malicious"),
    suspicious: named("suspicious"),
    readable: all.every(([, verdict]) => verdict !== "unreadable" && categories.includes(verdict?.category)),
  };
}

/** https://docs.virustotal.com/reference/files, `sandbox_verdicts`; any other word may be a bad one. */
const categories: readonly unknown[] = ["malicious", "suspicious", "harmless", "undetected", undefined];

/** Sigma matches, by the statistics or by the list of rules, whichever has more. */
function sigmaIn({ sigma_analysis_stats: stats, sigma_analysis_results: results = [] }: Attributes) {
  const matched = (level: string) => results.filter((rule) => rule?.rule_level === level).length;
  return {
    critical: Math.max(numberOf(stats?.critical), matched("critical")),
    high: Math.max(numberOf(stats?.high), matched("high")),
    readable: results.length > 0 || isReadable(stats && [stats.critical, stats.high]),
  };
}

function idsIn({ crowdsourced_ids_stats: stats, crowdsourced_ids_results: results = [] }: Attributes) {
  const matched = results.filter((rule) => ["critical", "high"].includes(rule?.alert_severity ?? "")).length;
  return {
    high: Math.max(numberOf(stats?.high), matched),
    readable: results.length > 0 || isReadable(stats && [stats.high]),
  };
}

const isReadable = (counters: readonly unknown[] = []) =>
  counters.every((counter) => typeof counter === "number");
