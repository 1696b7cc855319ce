import type { Indicator, IndicatorKind } from "../../domain/indicators/indicator";
import type { Answer, Outcome } from "../../domain/lookups/provider";
import { untrustedText } from "../untrusted-text";
import { cardFrom } from "./card";
import { contextOf } from "./context";
import { assess, detectionsOf, type Thresholds } from "./verdict";
import type { Attributes, Report } from "./wire";

const maxAnswerBytes = 1024;

/**
 * What one report says about an indicator. `now` is epoch milliseconds: an age is told of a domain. A report of
 * something that nobody has analysed is no answer: then the other providers decide.
 */
export function outcomeFrom(
  report: Report,
  indicator: Indicator,
  thresholds: Thresholds,
  now: number,
): Outcome {
  const link = `https://www.virustotal.com/gui/${guiFolders[indicator.kind]}/${idInLink(report.id)}`;
  const assessment = assess(report.attributes, thresholds);
  if (!assessment) return { kind: "notKnown", reason: notAnalysed, link };
  const { last_analysis_date: analysedAt } = report.attributes;
  const name = nameOf(report.attributes);
  const context = contextOf[indicator.kind](report.attributes, now);
  const card = cardFrom(indicator.kind, report.attributes, now);
  const answer: Answer = {
    ...assessment,
    summary: summaryOf(report.attributes),
    link,
    ...(analysedAt === undefined ? {} : { assessedAt: analysedAt * 1000 }),
    ...(name ? { name } : {}),
    ...(context ? { context } : {}),
  };
  return { kind: "answered", answer: { ...withinSize(answer), ...(card ? { card } : {}) } };
}

const notAnalysed = "VirusTotal has a record, but no engine has analysed it yet";

/** https://docs.virustotal.com/reference: the pages are not named like the API's collections. */
const guiFolders: Readonly<Record<IndicatorKind, string>> = {
  file: "file",
  address: "ip-address",
  domain: "domain",
  url: "url",
};

/** The colons of an IPv6 address stay. */
function idInLink(id: string): string {
  return encodeURIComponent(id).replaceAll("%3A", ":");
}

function summaryOf(attributes: Attributes): string {
  const { malicious, suspicious, analysed } = detectionsOf(attributes);
  if (analysed === 0) return "not analysed yet";
  return `${malicious} of ${analysed} engines${suspicious ? `, ${suspicious} suspicious` : ""}`;
}

/** The file's name without its folders, which can tell of other people's machines. */
function nameOf({ meaningful_name, names = [] }: Attributes): string | undefined {
  const named = [meaningful_name, ...names].find((name) => name && /[\p{L}\p{N}]/u.test(name));
  return untrustedText(named?.split(/[\\/]/).findLast(Boolean), 80);
}

/** Texts are short, but a character may take several bytes: then what matters least is left out. */
function withinSize(answer: Answer): Answer {
  const { context: _context, ...withoutContext } = answer;
  const { name: _name, ...withoutName } = withoutContext;
  const shorter = { ...withoutName, reasons: answer.reasons.slice(0, 1) };
  const fits = (candidate: Answer) => Buffer.byteLength(JSON.stringify(candidate)) <= maxAnswerBytes;
  return [answer, withoutContext, withoutName].find(fits) ?? shorter;
}
