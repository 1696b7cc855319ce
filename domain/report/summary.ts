import type { IndicatorKind, LeftOut } from "../indicators/indicator";
import type { Answer } from "../lookups/provider";
import { type Verdict, verdicts, worstOf } from "../verdict";
import { isMissing } from "./gaps";
import type { ReportItem, RunReport } from "./report";
import { verdictOfTriage } from "./triage";

/** What all providers together say about one indicator. */
export interface Finding {
  readonly item: ReportItem;
  readonly verdict: Verdict;
  /**
   * `notChecked`: a provider that should have answered has not done so (yet). `off`: no provider that could clear it
   * looks it up.
   */
  readonly coverage: "checked" | "notChecked" | "off";
  /** One provider calls it malicious or suspicious, another one clean. */
  readonly disputed: boolean;
}

/** An answer, with the title of its provider and the verdict that it counts as, given the other answers. */
interface WeighedAnswer {
  readonly provider: string;
  readonly answer: Answer;
  readonly verdict: Verdict;
}

export function findingOf(report: Pick<RunReport, "providers">, item: ReportItem): Finding {
  const lookups = Object.values(item.lookups);
  const verdicts = weighedAnswers(report, item).map(({ verdict }) => verdict);
  const isAsked = lookups.some(({ kind }) => kind !== "off" && kind !== "noOpinion");
  return {
    item,
    verdict: worstOf(verdicts) ?? "unknown",
    coverage: lookups.some(isMissing) ? "notChecked" : isAsked ? "checked" : "off",
    disputed:
      verdicts.includes("clean") && (verdicts.includes("malicious") || verdicts.includes("suspicious")),
  };
}

/** Whether no provider has answered for it, so that its verdict means nothing. */
export function isUnanswered({ item, coverage }: Finding): boolean {
  const lookups = Object.values(item.lookups);
  return coverage !== "checked" && !lookups.some(({ kind }) => kind === "answered" || kind === "notKnown");
}

/** The answers about one indicator. A weak finding counts as clean if another provider vouches for the indicator. */
export function weighedAnswers(
  { providers }: Pick<RunReport, "providers">,
  { lookups }: ReportItem,
): readonly WeighedAnswer[] {
  const answers = providers.flatMap(({ id, title }) => {
    const lookup = lookups[id];
    return lookup?.kind === "answered" ? [{ provider: title, answer: lookup.answer }] : [];
  });
  return answers.map(({ provider, answer }) => {
    const isOutweighed =
      answer.weak && answers.some((other) => other.answer !== answer && other.answer.trusted);
    return { provider, answer, verdict: isOutweighed ? "clean" : answer.verdict };
  });
}

export interface Counts {
  readonly indicators: number;
  readonly malicious: number;
  readonly suspicious: number;
  readonly unknown: number;
  readonly clean: number;
  /**
   * Indicators for which a provider should have answered but did not (they keep their verdict), plus entities that could
   * not be read as indicators.
   */
  readonly notChecked: number;
}

/** The result of a run's answers. Plain JSON. */
export interface Summary {
  readonly verdict: Verdict;
  readonly counts: Counts;
  /** Something was not checked, or the incident was submitted and its triage has not arrived: the tag says so. */
  readonly incomplete: boolean;
  /** A malicious URL or file in an incident about email. */
  readonly phishing: boolean;
  /** One per indicator, worst first, otherwise in the order of the report. */
  readonly findings: readonly Finding[];
}

export function summarize(report: RunReport): Summary {
  const findings = report.items
    .map((item) => findingOf(report, item))
    .toSorted((a, b) => verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict));
  const unreadable = unreadableIn(report).length;
  const counts = countsOf(findings, unreadable);
  return {
    verdict: incidentVerdict(report, findings, unreadable),
    counts,
    phishing: isPhishing(report, findings),
    incomplete: counts.notChecked > 0 || (report.incidentSubmitted && report.triage.kind !== "taken"),
    findings,
  };
}

function isPhishing({ hasMail }: RunReport, findings: readonly Finding[]): boolean {
  return (
    hasMail &&
    findings.some(
      ({ verdict, item: { indicator } }) =>
        verdict === "malicious" && (indicator.kind === "url" || indicator.kind === "file"),
    )
  );
}

/** What should be an indicator but could not be read. */
export function unreadableIn({ leftOut, leftOutSince = [] }: RunReport): readonly LeftOut[] {
  return [...leftOut, ...leftOutSince].filter(({ unreadable }) => unreadable);
}

function countsOf(findings: readonly Finding[], unreadable: number): Counts {
  const of = (verdict: Verdict) => findings.filter((finding) => finding.verdict === verdict).length;
  return {
    indicators: findings.length,
    malicious: of("malicious"),
    suspicious: of("suspicious"),
    unknown: of("unknown"),
    clean: of("clean"),
    notChecked: findings.filter(({ coverage }) => coverage === "notChecked").length + unreadable,
  };
}

/**
 * The worst verdict of all. Without anything to look up, or if something could not be read, it is at least `unknown`, so
 * that a clean triage clears nothing.
 */
function incidentVerdict({ triage }: RunReport, findings: readonly Finding[], unreadable: number): Verdict {
  const known = findings.map(({ verdict }) => verdict);
  const found = worstOf(unreadable > 0 ? [...known, "unknown"] : known) ?? "unknown";
  return triage.kind === "taken" ? (worstOf([found, verdictOfTriage(triage.triage)]) ?? found) : found;
}

const mostFindings = 100;
/**
 * Characters of JSON; a hundred hashes have 12,000. Storage keeps an output above 30,720 (60 KB in UTF-16) in a blob, of
 * which Durable Functions Monitor shows the URL only.
 */
const findingsLength = 16_000;

/** The worst findings, for the output of a run: at most a hundred, and fewer where they are long. */
export function findingsOf(
  summary: Summary,
): readonly { readonly kind: IndicatorKind; readonly value: string; readonly verdict: Verdict }[] {
  const findings = [];
  let length = "[".length;
  for (const { item, verdict } of summary.findings.slice(0, mostFindings)) {
    const { kind, value } = item.indicator;
    const finding = { kind, value, verdict };
    length += JSON.stringify(finding).length + ",".length;
    if (length > findingsLength) break;
    findings.push(finding);
  }
  return findings;
}
