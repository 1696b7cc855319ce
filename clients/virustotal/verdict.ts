import { capitalised, listed, sentence } from "../../domain/text";
import type { Verdict } from "../../domain/verdict";
import { untrustedText } from "../untrusted-text";
import { brokenSignature } from "./context";
import type { Attributes } from "./wire";

/** How many engines make an indicator malicious (`malicious`) and suspicious (`malicious` + `suspicious`). */
export interface Thresholds {
  readonly maliciousFrom: number;
  readonly suspiciousFrom: number;
}

export interface Assessment {
  readonly verdict: Verdict;
  /** Most important first. */
  readonly reasons: readonly string[];
  readonly weak?: true;
  readonly trusted?: true;
}

interface Detections {
  readonly malicious: number;
  readonly suspicious: number;
  /** Engines that gave an opinion: neither timed out nor unable to read the type. */
  readonly analysed: number;
}

export function detectionsOf(attributes: Attributes): Detections {
  const {
    malicious = 0,
    suspicious = 0,
    undetected = 0,
    harmless = 0,
  } = attributes.last_analysis_stats ?? {};
  return { malicious, suspicious, analysed: malicious + suspicious + undetected + harmless };
}

/**
 * The verdict of one report, in four steps:
 * 1. the engines, by the thresholds; fewer are `unknown` and `weak`;
 * 2. the verdict of Google Threat Intelligence, where the key's licence shows one, in place of the engines';
 * 3. what was seen in sandboxes and in traffic makes a file at least `suspicious`;
 * 4. a source that knows the file as good makes `unknown` `clean` and `suspicious` `unknown`, but never touches
 *    `malicious`: known suppliers have shipped malware.
 * A signature alone and the community's `reputation` decide nothing: a trojan has 0, example.com has -58.
 * `undefined` when nobody has assessed it: a record alone says neither good nor bad.
 */
export function assess(attributes: Attributes, thresholds: Thresholds): Assessment | undefined {
  const gti = assessGti(attributes);
  const engines = assessEngines(detectionsOf(attributes), thresholds);
  const behaviours = behavioursOf(attributes);
  const source = trustedSourceOf(attributes);
  const assessed = gti ?? engines;
  if (!assessed && behaviours.length === 0 && !source) return undefined;

  const found = assessed?.verdict ?? "unknown";
  const isRaised = behaviours.length > 0 && (found === "clean" || found === "unknown");
  const seen = isRaised ? "suspicious" : found;
  const verdict = source ? lowered[seen] : seen;
  const signature = brokenSignature(attributes);
  return {
    verdict,
    reasons: [
      ...(isRaised ? behaviours : []),
      ...(gti ? [gti.reason] : []),
      engines?.reason ?? "No engine has analysed it.",
      ...(source ? [`Known as good: ${source}.`] : []),
      ...(isRaised ? [] : behaviours),
      ...threatsOf(attributes),
      ...(signature ? [sentence(capitalised(`its ${signature}`))] : []),
    ],
    ...(assessed?.weak && seen === "unknown" && !source ? { weak: true } : {}),
    ...(source && verdict === "clean" ? { trusted: true } : {}),
  };
}

const lowered: Readonly<Record<Verdict, Verdict>> = {
  malicious: "malicious",
  suspicious: "unknown",
  unknown: "clean",
  clean: "clean",
};

interface Opinion {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly weak?: true;
}

/** `undefined` when no engine gave an opinion. */
function assessEngines(
  detections: Detections,
  { maliciousFrom, suspiciousFrom }: Thresholds,
): Opinion | undefined {
  const { malicious, suspicious, analysed } = detections;
  const detecting = malicious + suspicious;
  const found = foundText(detections);
  if (analysed === 0) return undefined;
  if (malicious >= maliciousFrom) return { verdict: "malicious", reason: `${found}.` };
  if (detecting >= suspiciousFrom) return { verdict: "suspicious", reason: `${found}.` };
  if (detecting === 0) return { verdict: "clean", reason: `None of ${analysed} engines found anything.` };
  const few = detecting === 1 ? `Only one engine of ${analysed}` : found;
  return { verdict: "unknown", reason: `${few}, often a false positive.`, weak: true };
}

function foundText({ malicious, suspicious, analysed }: Detections): string {
  if (malicious === 0) return `${suspicious} of ${analysed} engines call it suspicious, none malicious`;
  const more = suspicious > 0 ? `, ${suspicious} suspicious` : "";
  return `${malicious} of ${analysed} engines ${malicious === 1 ? "calls" : "call"} it malicious${more}`;
}

/** `VERDICT_UNDETECTED` and `VERDICT_UNKNOWN` say nothing: then the engines decide. */
const gtiVerdicts: Readonly<Record<string, Verdict>> = {
  VERDICT_MALICIOUS: "malicious",
  VERDICT_SUSPICIOUS: "suspicious",
  VERDICT_BENIGN: "clean",
};

function assessGti({ gti_assessment: gti }: Attributes): Opinion | undefined {
  const value = gti?.verdict?.value ?? "";
  const verdict = Object.hasOwn(gtiVerdicts, value) ? gtiVerdicts[value] : undefined;
  if (!verdict) return undefined;
  const word = value.replace("VERDICT_", "").toLowerCase();
  const score = gti?.threat_score?.value;
  const scored = score === undefined ? "" : ` (threat score ${score} of 100)`;
  return { verdict, reason: `Google Threat Intelligence calls it ${word}${scored}.` };
}

function behavioursOf(attributes: Attributes): string[] {
  const sandboxes = Object.entries(attributes.sandbox_verdicts ?? {}).flatMap(([name, verdict]) =>
    verdict?.category === "malicious" ? [untrustedText(verdict.sandbox_name ?? name, 30) ?? "unnamed"] : [],
  );
  const { critical = 0, high = 0 } = attributes.sigma_analysis_stats ?? {};
  const ids = attributes.crowdsourced_ids_stats?.high ?? 0;
  return [
    ...(sandboxes.length > 0 ? [`Called malicious by sandboxes: ${listed(sandboxes, 3)}.`] : []),
    ...(critical + high > 0 ? [`Sigma rules matched: ${critical} critical, ${high} high.`] : []),
    ...(ids > 0 ? [`IDS rules of high severity matched in its traffic: ${ids}.`] : []),
  ];
}

/** Who vouches for the file, where VirusTotal names somebody. */
function trustedSourceOf(attributes: Attributes): string | undefined {
  const { trusted_verdict: trusted, known_distributors: known } = attributes;
  if (trusted?.verdict === "goodware") return untrustedText(trusted.organization, 60) ?? "a trusted source";
  const distributor = untrustedText(known?.distributors?.[0] ?? known?.products?.[0], 60);
  return distributor && `distributed with ${distributor}`;
}

function threatsOf(attributes: Attributes): string[] {
  const label = untrustedText(attributes.popular_threat_classification?.suggested_threat_label, 60);
  const names = (attributes.threat_names ?? []).flatMap((name) => untrustedText(name, 40) ?? []);
  return [
    ...(label ? [`Threat label: ${label}.`] : []),
    ...(names.length > 0 ? [`Threats: ${listed(names, 3)}.`] : []),
  ];
}
