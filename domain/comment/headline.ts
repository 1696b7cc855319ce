import { type Gap, gapsOf, isMissing } from "../report/gaps";
import type { Lookup, RunReport } from "../report/report";
import { type Finding, isUnanswered, type Summary, unreadableIn } from "../report/summary";
import { type Triage, verdictOfTriage } from "../report/triage";
import { counted, cut, sentence } from "../text";
import { isBad, type Verdict, worstOf } from "../verdict";

/** Names of an incident's verdicts. */
export const verdictTitles: Readonly<Record<Verdict, string>> = {
  malicious: "Threat found",
  suspicious: "Threat suspected",
  unknown: "No verdict",
  clean: "No known threat",
};

const caution = "This does not clear the incident.";
const maxReasonLength = 200;

/** Sentences: the verdict with counts, and what is missing, if anything. */
export function headlineOf(report: RunReport, summary: Summary): string {
  const { verdict, incomplete, findings } = summary;
  const { missing } = coverageOf(report, findings);
  const unreadable = unreadableIn(report).length;
  const cause = causeOfNothing(report, summary);
  const unread = unreadable > 0 ? [`${counted(unreadable, "indicator")} could not be read`] : [];
  const found = countText(report, summary);
  const parts = found === undefined ? (unread[0] ?? "nothing to look up") : found;
  return [
    cause ? nothingChecked(cause) : `${verdictTitles[verdict]}: ${parts}.`,
    ...(cause ? [] : missing),
    ...(found === undefined ? [] : unread.map(sentence)),
    ...(verdict === "clean" && incomplete ? [caution] : []),
  ].join(" ");
}

/** The headline of an addendum. */
export function triageHeadline(triage: Triage): string {
  const verdict = verdictOfTriage(triage);
  const line = `Intezer's triage of the incident: ${triage.verdictTitle}.`;
  if (isBad(verdict)) return `${verdictTitles[verdict]}. ${line}`;
  return verdict === "clean" ? `${line} ${caution}` : line;
}

/** A reason without its hint at a setting, which is for operators. */
export function withoutAdvice(reason: string): string {
  return reason.replace(/(?:: | \()(?=[^:(]*\b[A-Z]+_[A-Z_]+).*$/s, "");
}

/**
 * Why nothing at all is known: the cause that affects the most indicators. `undefined` if anything is known, even by a
 * triage. The headline gives this cause, so no note has to repeat it.
 */
export function causeOfNothing(report: RunReport, { verdict, findings }: Summary): Gap | undefined {
  if (findings.length === 0 || verdict !== "unknown" || !findings.every(isUnanswered)) return undefined;
  return gapsOf(report).toSorted((a, b) => b.indicators - a.indicators)[0];
}

function nothingChecked({ state, provider, reason }: Gap): string {
  const cause = withoutAdvice(reason);
  const text = cause.includes(provider) ? cause : `${provider}: ${cause}`;
  return `${state === "open" ? "Pending" : "Not checked"}: ${cut(text, maxReasonLength)}.`;
}

/** `undefined` if there was nothing to look up and no triage decides the verdict. */
function countText(report: RunReport, summary: Summary): string | undefined {
  const { verdict, findings } = summary;
  const { triage } = report;
  const found = worstOf(findings.map((finding) => finding.verdict));
  const isByTriage =
    triage.kind === "taken" && verdictOfTriage(triage.triage) === verdict && found !== verdict;
  const counts = found ? countsText(found, report, summary) : undefined;
  if (!isByTriage || !(isBad(verdict) || found)) return counts;
  return `Intezer's triage is ${triage.triage.verdictTitle}${counts ? `; ${counts}` : ""}`;
}

/**
 * Counts of indicators as part of a sentence: "3 of 6 indicators are malicious". `found` is the worst verdict among
 * them.
 */
function countsText(found: Verdict, report: RunReport, { counts, findings }: Summary): string {
  const coverage = coverageOf(report, findings);
  const { indicators: all } = counts;
  const noun = unreadableIn(report).length > 0 && !isBad(found) ? "readable indicator" : "indicator";
  if (found === "clean") return cleanText(all, noun, coverage);
  if (findings.every(isRecordless)) return recordlessText(all, noun, report);
  if (coverage.off === all) return "nothing was looked up";
  const isUnknown = found === "unknown";
  const states: readonly (readonly [count: number, state: string])[] = [
    [counts.malicious, "malicious"],
    [counts.suspicious, "suspicious"],
    [isUnknown ? counts.unknown - findings.filter(isUnanswered).length : 0, "unknown"],
    [coverage.notChecked, "not checked"],
    [coverage.pending, "pending"],
    [coverage.partly, "not fully checked"],
    [isUnknown ? coverage.off : 0, "not looked up"],
  ];
  const [first, ...others] = states.filter(([count]) => count > 0);
  if (!first) return checkedText(all, noun, findings);
  const [count, state] = first;
  const more = others.map(([number, other]) => `, ${number} ${other}`).join("");
  return all === 1
    ? `the only ${noun} is ${state}`
    : `${count} of ${all} ${noun}s ${count === 1 ? "is" : "are"} ${state}${more}`;
}

function cleanText(all: number, noun: string, { partly }: Coverage): string {
  if (partly > 0) return `${all - partly} of ${all} ${noun}s fully checked`;
  if (all === 1) return `the only ${noun} is clean`;
  return `${all === 2 ? "both" : `all ${all}`} ${noun}s are clean`;
}

/** The caller adds in words what is missing. */
function checkedText(all: number, noun: string, findings: readonly Finding[]): string {
  const checked = all - findings.filter(isUnanswered).length;
  return checked === 0 ? `no ${noun} was checked` : `${checked} of ${all} ${noun}s checked`;
}

const recordless: readonly Lookup["kind"][] = ["notKnown", "noOpinion", "off"];

/** No queried provider has a record of it. */
function isRecordless({ item }: Finding): boolean {
  const kinds = Object.values(item.lookups).map(({ kind }) => kind);
  return kinds.every((kind) => recordless.includes(kind)) && kinds.some((kind) => kind !== "off");
}

function recordlessText(all: number, noun: string, { providers, items }: RunReport): string {
  const saying = (kind: Lookup["kind"]) =>
    providers.filter(({ id }) => items.some(({ lookups }) => lookups[id]?.kind === kind));
  const [asked = []] = [saying("notKnown"), saying("noOpinion")].filter(({ length }) => length > 0);
  const names = asked.map(({ title }) => title).join(" or ");
  return all === 1
    ? `the only ${noun} is not known to ${names}`
    : `none of the ${all} ${noun}s is known to ${names}`;
}

/** What is missing: in words, and as counts of what the words do not cover. */
interface Coverage {
  /** A sentence for each provider that answered nothing at all: "VirusTotal could not be queried." */
  readonly missing: readonly string[];
  /** Indicators without an answer from any provider, except those that `missing` explains. */
  readonly notChecked: number;
  /** The same, but still waiting for an answer. */
  readonly pending: number;
  /** Indicators for which some providers have not answered, except where `missing` explains it. */
  readonly partly: number;
  /** Indicators that no provider looks up. */
  readonly off: number;
}

/** How far the indicators are checked. */
function coverageOf({ providers }: RunReport, findings: readonly Finding[]): Coverage {
  const silent = providers.flatMap(({ id, title }) => {
    const lookups = findings
      .flatMap(({ item }) => item.lookups[id] ?? [])
      .filter(({ kind }) => kind !== "off" && kind !== "noOpinion");
    return lookups.length > 0 && lookups.every(isMissing) ? [{ id, text: silenceText(title, lookups) }] : [];
  });
  const unexplained = ({ item }: Finding) =>
    Object.entries(item.lookups).flatMap(([id, lookup]) =>
      isMissing(lookup) && !silent.some((provider) => provider.id === id) ? [lookup] : [],
    );
  const incomplete = findings.filter((finding) => unexplained(finding).length > 0);
  const unanswered = incomplete.filter(isUnanswered);
  const pending = unanswered.filter((finding) => unexplained(finding).every(({ kind }) => kind === "open"));
  return {
    missing: silent.map(({ text }) => text),
    notChecked: unanswered.length - pending.length,
    pending: pending.length,
    partly: incomplete.length - unanswered.length,
    off: findings.filter(({ coverage }) => coverage === "off").length,
  };
}

function silenceText(title: string, lookups: readonly Lookup[]): string {
  const has = (...kinds: readonly Lookup["kind"][]) => lookups.some(({ kind }) => kinds.includes(kind));
  if (has("open")) return `${title}'s ${lookups.length === 1 ? "answer is" : "answers are"} pending.`;
  return has("failed", "notAnswered") ? `${title} did not answer.` : `${title} could not be queried.`;
}
