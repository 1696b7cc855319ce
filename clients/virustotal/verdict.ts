import type { IndicatorKind } from "../../domain/indicators/indicator";
import { capitalised, counted, listed, sentence } from "../../domain/text";
import { type Verdict, worstOf } from "../../domain/verdict";
import { untrustedText } from "../untrusted-text";
import { brokenSignature } from "./context";
import { communityReasonIn } from "./crowdsourced-context";
import { answered, detecting, type EngineCounts, enginesIn } from "./engines";
import { evidenceIn } from "./evidence";
import { type GtiOpinion, gtiOpinionIn, gtiText, verdictOfGti } from "./google-threat-intelligence";
import type { Thresholds } from "./thresholds";
import type { Attributes } from "./wire";

export interface Assessment {
  readonly verdict: Verdict;
  /** Most important first. */
  readonly reasons: readonly string[];
  readonly weak?: true;
  readonly trusted?: true;
}

/** Fewer opinions than these call nothing clean. Usual are 60 to 75 of a file and 55 to 80 of anything else. */
export const fewestOpinions = 10;

/**
 * The verdict of one report, in four steps:
 * 1. the engines, by the thresholds; fewer detections are `unknown` and `weak`, as are too few opinions;
 * 2. Google Threat Intelligence, where the key's licence shows it: it raises, and never lowers;
 * 3. what was seen in sandboxes and in traffic makes a file at least `suspicious`;
 * 4. a source that knows the file as good makes `unknown` `clean` and `suspicious` `unknown`, but never touches
 *    `malicious`: known suppliers have shipped malware.
 * What is there and cannot be read keeps a verdict from being `clean`. A signature alone, the community's `reputation`
 * (a trojan has 0, example.com has -58) and its notes decide nothing. `undefined` when nobody has said anything.
 */
export function assess(
  kind: IndicatorKind,
  attributes: Attributes,
  thresholds: Thresholds,
): Assessment | undefined {
  const counts = enginesIn(attributes);
  const engines = assessEngines(kind, counts, thresholds);
  const gti = gtiOpinionIn(attributes);
  const evidence = evidenceIn(attributes, counts);
  const source = trustedSourceOf(attributes);
  const note = communityReasonIn(attributes);
  if (!engines && !gti && !source && !note && evidence.seen.length === 0) return undefined;

  const readable = counts.complete && evidence.readable;
  const asked = worstOf([engines?.verdict ?? "unknown", ...raisingGti(gti)]) ?? "unknown";
  const found = !readable && asked === "clean" ? "unknown" : asked;
  const isRaised = evidence.raises && (found === "clean" || found === "unknown");
  const seen = isRaised ? "suspicious" : found;
  const verdict = source ? lowered(seen, readable) : seen;
  const signature = brokenSignature(attributes);
  const gtiReason = gti ? [gtiReasonOf(gti, engines)] : [];
  const gtiFirst = verdictOfGti(gti) !== "unknown";
  return {
    verdict,
    reasons: [
      ...(isRaised ? evidence.seen : []),
      ...(gtiFirst ? gtiReason : []),
      engines?.reason ?? (counts.complete ? "No engine has analysed it." : unreadableCounts),
      ...(gtiFirst ? [] : gtiReason),
      ...(source ? [`Known as good: ${source}.`] : []),
      ...(isRaised ? [] : evidence.seen),
      ...threatsOf(attributes),
      ...(signature ? [sentence(capitalised(`its ${signature}`))] : []),
      ...(note ? [note] : []),
    ],
    ...(engines?.weak && seen === "unknown" && readable && !source ? { weak: true } : {}),
    ...(source && verdict === "clean" ? { trusted: true } : {}),
  };
}

const unreadableCounts = "Its counts of engines are not readable.";

function lowered(verdict: Verdict, readable: boolean): Verdict {
  if (verdict === "suspicious") return "unknown";
  return verdict === "unknown" && readable ? "clean" : verdict;
}

interface Opinion {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly weak?: true;
}

/** `undefined` when no engine answered, or nothing is known but that something cannot be read. */
function assessEngines(
  kind: IndicatorKind,
  counts: EngineCounts,
  { maliciousFrom, suspiciousFrom }: Thresholds,
): Opinion | undefined {
  const detections = detecting(counts);
  if (answered(counts) === 0) return undefined;
  const found = foundText(counts);
  if (counts.malicious >= maliciousFrom) return { verdict: "malicious", reason: `${found}.` };
  if (detections >= suspiciousFrom) return { verdict: "suspicious", reason: `${found}.` };
  if (detections > 0) {
    const few = detections === 1 ? `Only one engine of ${allOf(counts)}` : found;
    return { verdict: "unknown", reason: `${few}, often a false positive.`, weak: true };
  }
  return counts.complete ? assessSilence(kind, counts) : undefined;
}

/** Nobody found anything. Of an address, domain or URL an engine that detects nothing has no opinion. */
function assessSilence(kind: IndicatorKind, counts: EngineCounts): Opinion {
  const all = answered(counts);
  const opinions = kind === "file" ? all : counts.harmless;
  const late = timeOutsOf(counts);
  if (opinions >= fewestOpinions)
    return { verdict: "clean", reason: `None of ${all} engines found anything${late}.` };
  const few =
    kind === "file"
      ? `Only ${counted(all, "engine")} answered`
      : opinions === 0
        ? `None of ${counted(all, "engine")} has an opinion`
        : `Only ${opinions} of ${counted(all, "engine")} ${opinions === 1 ? "calls" : "call"} it harmless`;
  return { verdict: "unknown", reason: `${few}${late}: too few to call it clean.`, weak: true };
}

/** Said where they are many: a tenth of those that answered. */
function timeOutsOf(counts: EngineCounts): string {
  return counts.timedOut > 0 && counts.timedOut * 10 >= answered(counts)
    ? `, ${counts.timedOut} timed out`
    : "";
}

function foundText(counts: EngineCounts): string {
  const { malicious, suspicious } = counts;
  const engines = `${allOf(counts)} ${answered(counts) === 1 ? "engine" : "engines"}`;
  if (malicious === 0) {
    const verb = suspicious === 1 ? "calls" : "call";
    return `${suspicious} of ${engines} ${verb} it suspicious, none malicious`;
  }
  const more = suspicious > 0 ? `, ${suspicious} suspicious` : "";
  return `${malicious} of ${engines} ${malicious === 1 ? "calls" : "call"} it malicious${more}`;
}

/** How many answered; where some counts cannot be read, there may be more. */
function allOf(counts: EngineCounts): string {
  return counts.complete ? String(answered(counts)) : `at least ${answered(counts)}`;
}

function raisingGti(gti: GtiOpinion | undefined): readonly Verdict[] {
  const verdict = verdictOfGti(gti);
  return verdict === "unknown" ? [] : [verdict];
}

function gtiReasonOf(gti: GtiOpinion, engines: Opinion | undefined): string {
  const isBad = verdictOfGti(gti) !== "unknown";
  const disagrees = isBad
    ? engines?.verdict === "clean"
    : gti.verdict === "benign" && (engines?.verdict === "malicious" || engines?.verdict === "suspicious");
  return `Google Threat Intelligence ${disagrees ? "disagrees with the engines" : "says"}: ${gtiText(gti)}.`;
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
