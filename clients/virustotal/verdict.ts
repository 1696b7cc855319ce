import type { IndicatorKind } from "../../domain/indicators/indicator";
import { defined } from "../../domain/json";
import { counted, listed } from "../../domain/text";
import { isBad, type Verdict, worstOf } from "../../domain/verdict";
import { untrustedText } from "../untrusted-text";
import { evidenceIn } from "./evidence";
import {
  answered,
  communityReasonIn,
  detecting,
  type EngineCounts,
  enginesIn,
  type GtiOpinion,
  gtiOpinionIn,
  verdictOfGti,
} from "./opinions";
import { type Thresholds, verdictByCount } from "./thresholds";
import type { Attributes } from "./wire";

export interface Assessment {
  readonly verdict: Verdict;
  /** What the engines say, then what else explains the verdict, most important first. */
  readonly reasons: readonly string[];
  /** What the engines' figure does not show: "often a false positive", "60 timed out". */
  readonly caveat?: string;
  readonly weak?: true;
  readonly trusted?: true;
}

/** Minimum number of opinions for `clean`. Usual are 60 to 75 for a file and 55 to 80 for other kinds. */
const fewestOpinions = 10;

/**
 * The verdict of one report, in four steps:
 * 1. the engines, by the thresholds; fewer detections are `unknown` and `weak`, as are too few opinions;
 * 2. Google Threat Intelligence, where the key's licence shows it: it raises, and never lowers;
 * 3. what was seen in sandboxes and in traffic makes a file at least `suspicious`;
 * 4. a source that knows the file as good makes `unknown` `clean` and `suspicious` `unknown`, but never touches
 *    `malicious`: known suppliers have shipped malware.
 * Unreadable data keeps a verdict from being `clean`. A signature alone, the community's `reputation` (a trojan has 0,
 * example.com has -58) and its notes decide nothing. `undefined` if there is no assessment at all.
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

  const readable = counts.complete && evidence.readable && !gti?.unreadable;
  const asked = worstOf([engines?.verdict ?? "unknown", ...raisingGti(gti)]) ?? "unknown";
  const found = !readable && asked === "clean" ? "unknown" : asked;
  const isRaised = evidence.raises && (found === "clean" || found === "unknown");
  const seen = isRaised ? "suspicious" : found;
  const verdict = source ? lowered(seen, readable) : seen;
  return {
    verdict,
    reasons: [
      engines?.reason ?? (counts.complete ? "No engine has analysed it." : unreadableCounts),
      ...(gti && disagrees(gti, engines) ? ["Google Threat Intelligence disagrees with the engines."] : []),
      ...(isRaised ? evidence.seen : []),
      ...(source && (verdict !== seen || isBad(found)) ? [`Known good: ${source}.`] : []),
      // What many engines call bad needs no further explanation; the card has the details.
      ...(engines && isBad(engines.verdict)
        ? []
        : [...(isRaised ? [] : evidence.seen), ...threatsOf(attributes), ...(note ? [note] : [])]),
    ],
    ...defined({ caveat: verdict === engines?.verdict ? engines.caveat : undefined }),
    ...(engines?.verdict === "unknown" && seen === "unknown" && readable && !source ? { weak: true } : {}),
    ...(source && verdict === "clean" ? { trusted: true } : {}),
  };
}

const unreadableCounts = "Its engine counts could not be read.";

function lowered(verdict: Verdict, readable: boolean): Verdict {
  if (verdict === "suspicious") return "unknown";
  return verdict === "unknown" && readable ? "clean" : verdict;
}

const falsePositive = "often a false positive";
const tooFew = "too few opinions to call it clean";

interface Opinion {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly caveat?: string;
}

/** `undefined` if no engine answered, or if all that is known is that something is unreadable. */
function assessEngines(
  kind: IndicatorKind,
  counts: EngineCounts,
  thresholds: Thresholds,
): Opinion | undefined {
  const detections = detecting(counts);
  if (answered(counts) === 0) return undefined;
  const found = foundText(counts);
  const verdict = verdictByCount(counts, thresholds);
  if (verdict) return { verdict, reason: `${found}.` };
  if (detections > 0) {
    const few = detections === 1 ? `Only one engine of ${allOf(counts)}` : found;
    return { verdict: "unknown", reason: `${few}, ${falsePositive}.`, caveat: falsePositive };
  }
  return counts.complete ? assessSilence(kind, counts) : undefined;
}

/** The opinion if no engine found anything. On an IP address, domain or URL, `undetected` is not an opinion. */
function assessSilence(kind: IndicatorKind, counts: EngineCounts): Opinion {
  const all = answered(counts);
  const opinions = kind === "file" ? all : counts.harmless;
  const late = timeOutsOf(counts);
  if (opinions >= fewestOpinions)
    return {
      verdict: "clean",
      reason: `None of ${all} engines found anything${late && `, ${late}`}.`,
      ...defined({ caveat: late || undefined }),
    };
  const few =
    kind === "file"
      ? `Only ${counted(all, "engine")} answered`
      : opinions === 0
        ? `None of ${counted(all, "engine")} has an opinion`
        : `Only ${opinions} of ${counted(all, "engine")} ${opinions === 1 ? "calls" : "call"} it harmless`;
  const timeOuts = late && `, ${late}`;
  return { verdict: "unknown", reason: `${few}${timeOuts}: ${tooFew}.`, caveat: `${tooFew}${timeOuts}` };
}

/** Mentions time-outs only if there are many: a tenth of the engines that answered. */
function timeOutsOf(counts: EngineCounts): string {
  return counts.timedOut > 0 && counts.timedOut * 10 >= answered(counts)
    ? `${counts.timedOut} timed out`
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

/** How many engines answered; "at least" if some counts are unreadable. */
function allOf(counts: EngineCounts): string {
  return counts.complete ? String(answered(counts)) : `at least ${answered(counts)}`;
}

function raisingGti(gti: GtiOpinion | undefined): readonly Verdict[] {
  const verdict = verdictOfGti(gti);
  return verdict === "unknown" ? [] : [verdict];
}

function disagrees(gti: GtiOpinion, engines: Opinion | undefined): boolean {
  if (verdictOfGti(gti) !== "unknown") return engines?.verdict === "clean";
  return gti.verdict === "benign" && engines !== undefined && isBad(engines.verdict);
}

/** The source that vouches for the file, if VirusTotal names one. */
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
