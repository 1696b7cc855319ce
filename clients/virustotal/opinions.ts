import { defined } from "../../domain/json";
import type { CardSection } from "../../domain/lookups/provider";
import { sentence } from "../../domain/text";
import { instantText } from "../../domain/time";
import type { Verdict } from "../../domain/verdict";
import { section, texts, worstFirst } from "../card";
import { untrustedText } from "../untrusted-text";
import { type Attributes, numberOf } from "./wire";

/*
 * What others think of the thing: the engines, Google Threat Intelligence and the community of VirusTotal. Of these a
 * verdict rests on the first two.
 */

/** How many engines said what. */
export interface EngineCounts {
  readonly malicious: number;
  readonly suspicious: number;
  readonly harmless: number;
  readonly undetected: number;
  readonly timedOut: number;
  /** False where a count is unreadable or `malicious` is missing: the real counts may be higher. */
  readonly complete: boolean;
}

/** Engines that call it malicious or suspicious. */
export const detecting = ({ malicious, suspicious }: EngineCounts) => malicious + suspicious;

/** Engines that answered: they did not time out or fail, and could read the type. */
export const answered = (counts: EngineCounts) => detecting(counts) + counts.harmless + counts.undetected;

const nothing: EngineCounts = {
  malicious: 0,
  suspicious: 0,
  harmless: 0,
  undetected: 0,
  timedOut: 0,
  complete: true,
};

/**
 * What the engines say, by `last_analysis_stats`, or by `last_analysis_results` if the statistics are unusable or have
 * fewer detections than the results. A recorded report may list fewer results than its statistics count.
 */
export function enginesIn(attributes: Attributes): EngineCounts {
  const byStats = countsFromStats(attributes);
  const byResults = countsFromResults(attributes);
  if (!byStats || !byResults) return byStats ?? byResults ?? nothing;
  const hasMore =
    byResults.malicious > byStats.malicious ||
    detecting(byResults) > detecting(byStats) ||
    (!byStats.complete && detecting(byResults) === detecting(byStats));
  return hasMore ? byResults : byStats;
}

function countsFromStats({ last_analysis_stats: stats }: Attributes): EngineCounts | undefined {
  if (stats === undefined) return undefined;
  const { malicious, suspicious = 0, harmless = 0, undetected = 0 } = stats;
  const isNumber = (counter: unknown) => typeof counter === "number";
  return {
    malicious: numberOf(malicious),
    suspicious: numberOf(suspicious),
    harmless: numberOf(harmless),
    undetected: numberOf(undetected),
    timedOut: numberOf(stats.timeout) + numberOf(stats["confirmed-timeout"]),
    complete: [malicious, suspicious, harmless, undetected].every(isNumber),
  };
}

/** Categories that say nothing about the indicator. */
const withoutOpinion = ["timeout", "confirmed-timeout", "failure", "type-unsupported"];

function countsFromResults({ last_analysis_results: results = {} }: Attributes): EngineCounts | undefined {
  const categories = Object.values(results).map((result) => result?.category);
  if (categories.length === 0) return undefined;
  const count = (...wanted: readonly string[]) =>
    categories.filter((category) => category !== undefined && wanted.includes(category)).length;
  const counts = {
    malicious: count("malicious"),
    suspicious: count("suspicious"),
    harmless: count("harmless"),
    undetected: count("undetected"),
    timedOut: count("timeout", "confirmed-timeout"),
    complete: true,
  };
  return { ...counts, complete: answered(counts) + count(...withoutOpinion) === categories.length };
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

/** The opinion of Google Threat Intelligence, which only keys with its licence can see. */
export interface GtiOpinion {
  /** In plain words, e.g. "benign"; absent if there is none. */
  readonly verdict?: string;
  readonly severity?: string;
  /** 0 to 100. */
  readonly score?: number;
  /** Its verdict is unreadable or undocumented. */
  readonly unreadable?: true;
}

/** Each of the three may be missing. */
export function gtiOpinionIn({ gti_assessment: gti }: Attributes): GtiOpinion | undefined {
  const written = gti?.verdict === "unreadable" ? gti.verdict : gti?.verdict?.value;
  const verdict = wordOf(gtiVerdicts, written);
  const severity = wordOf(gtiSeverities, gti?.severity?.value);
  const score = gti?.threat_score?.value;
  const opinion = {
    ...defined({ verdict, severity, score }),
    ...(written && verdict === undefined ? { unreadable: true as const } : {}),
  };
  return Object.keys(opinion).length > 0 ? opinion : undefined;
}

const gtiVerdicts = ["benign", "undetected", "suspicious", "malicious", "unknown"];
const gtiSeverities = ["none", "low", "medium", "high", "unknown"];

/** "benign" for `verdict_benign`; `undefined` for undocumented words. */
function wordOf(words: readonly string[], value: string | undefined): string | undefined {
  const word = value?.replace(/^(verdict|severity)_/, "");
  return words.find((each) => each === word);
}

/** Only bad opinions count as verdicts: `benign` never clears an indicator, and the other words have no verdict. */
export function verdictOfGti(opinion: GtiOpinion | undefined): Verdict {
  const verdict = opinion?.verdict;
  return verdict === "malicious" || verdict === "suspicious" ? verdict : "unknown";
}

/** "benign, severity none, score 1 of 100". */
export function gtiText({ verdict, severity, score, unreadable }: GtiOpinion): string {
  return [
    verdict ?? (unreadable ? "verdict not readable" : "no verdict"),
    ...(severity === undefined ? [] : [`severity ${severity}`]),
    ...(score === undefined ? [] : [`score ${score} of 100`]),
  ].join(", ");
}

export function googleThreatIntelligence(attributes: Attributes): CardSection {
  const { verdict, severity, score } = gtiOpinionIn(attributes) ?? {};
  return section("Google Threat Intelligence", [
    ["Verdict", verdict],
    ["Severity", severity],
    ["Threat score", score === undefined ? undefined : `${score} of 100`],
  ]);
}

type Note = NonNullable<NonNullable<Attributes["crowdsourced_context"]>[number]>;

/** Community notes that are not empty, newest first; undated ones come last. */
function communityNotesIn({ crowdsourced_context: notes = [] }: Attributes): readonly Note[] {
  return notes
    .flatMap((note) => (note && textOf(note) ? [note] : []))
    .toSorted((a, b) => (b.timestamp ?? 0) - (a.timestamp ?? 0));
}

/** "AsyncRAT botnet C2 server." */
function textOf({ title, details }: Note): string {
  return untrustedText(details, 120) ?? untrustedText(title, 120) ?? "";
}

/** "2023-09-10 (ThreatFox, high)". */
function originOf({ timestamp, source, severity }: Note): string {
  const date = timestamp === undefined ? "undated" : instantText(timestamp * 1000).slice(0, 10);
  const from = [untrustedText(source, 40), untrustedText(severity, 20)].filter(Boolean).join(", ");
  return from ? `${date} (${from})` : date;
}

/** The newest note with its date, as one sentence. A widely used resolver keeps notes for years. */
export function communityReasonIn(attributes: Attributes): string | undefined {
  const [newest] = communityNotesIn(attributes);
  return (
    newest && `Community note, ${originOf(newest)}, not part of the verdict: ${sentence(textOf(newest))}`
  );
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

export function communityScore({ total_votes: votes }: Attributes): CardSection {
  return section("Community Score", [
    ["Malicious", votes?.malicious],
    ["Harmless", votes?.harmless],
  ]);
}
