import { type Finding, isUnanswered } from "../report/finding";
import type { Lookup, RunReport } from "../report/report";
import { type Summary, unreadableIn } from "../report/summary";
import { isBad, type Verdict } from "../verdict";
import { type Coverage, coverageOf } from "./coverage";

/** Counts of indicators as part of a sentence: "3 of 6 indicators are malicious". `found` is the worst verdict among them. */
export function countsText(found: Verdict, report: RunReport, { counts, findings }: Summary): string {
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
