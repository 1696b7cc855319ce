import type { Incident } from "../incident/incident";
import { labelOf } from "../indicators/label";
import { type Finding, findingOf } from "../report/finding";
import type { RunReport } from "../report/report";
import type { Summary } from "../report/summary";
import { type Triage, verdictOfTriage } from "../report/triage";
import { changesText } from "../run/changes";
import type { CommentDetail } from "../run/settings";
import { capitalised, cut } from "../text";
import { type Verdict, verdicts } from "../verdict";
import { type CardView, cardsFrom } from "./cards";
import { disagreementIn, type Figure, factsOf, figuresOf } from "./figures";
import { addendumFooter, footerOf } from "./footer";
import { type Group, groupsOf, notLookedUp } from "./groups";
import { headlineOf, triageHeadline, verdictTitles } from "./headline";
import { type Note, notesOf } from "./notes";
import { type TriageView, triageView } from "./triage";
import { isReopened, reopenedIn } from "./update";

export { deliveryMark } from "./footer";

/** Sentinel refuses comments above 30,000; what a portal counts is not documented to the character. */
const defaultLengthLimit = 29_000;

/** One malicious or suspicious indicator. */
export interface BadItem {
  /** "Malicious", in an update "Malicious (was unknown)". */
  readonly verdict: string;
  /** "file invoice.exe (275a021bbfb6…)" */
  readonly label: string;
  readonly figures: readonly Figure[];
  /** Sentences. */
  readonly facts: readonly string[];
}

/**
 * A comment, in the order in which it is printed. Plain data: texts are as they came, only indicators are defanged; they
 * are encoded when they are printed. What does not fit is left out by `shrinkToFit`, which counts what it takes away.
 */
export interface CommentView {
  readonly headline: string;
  /** Sentences below the headline: what changed, and that the triage disagrees. */
  readonly lead: readonly string[];
  /** Worst first. */
  readonly bad: readonly BadItem[];
  /** Bad indicators that are only counted. */
  readonly moreBad: number;
  /** What is not checked or pending. */
  readonly notes: readonly Note[];
  readonly triage?: TriageView;
  /** Unknown, clean and not looked up. */
  readonly groups: readonly Group[];
  readonly cards: readonly CardView[];
  /** Indicators that have details as well, but no card. */
  readonly moreCards: number;
  readonly footer: readonly string[];
  /** UTF-16 units of markup and text. */
  readonly lengthLimit: number;
}

/** Of a comment that says nothing of what was looked up. */
export const noFindings = {
  lead: [],
  bad: [],
  moreBad: 0,
  groups: [],
  cards: [],
  moreCards: 0,
} as const satisfies Partial<CommentView>;

export interface ViewOptions {
  /** Of the app. */
  readonly version: string;
  /** Default `worst`. */
  readonly detail?: CommentDetail;
  readonly lengthLimit?: number;
}

/** The first comment of a run, or its update: that one is about what was open before, and nothing else. */
export function toCommentView(report: RunReport, summary: Summary, options: ViewOptions): CommentView {
  return report.part === "first" ? firstView(report, summary, options) : updateView(report, summary, options);
}

function firstView(report: RunReport, summary: Summary, options: ViewOptions): CommentView {
  const { triage } = report;
  const disagreement = triageDisagreement(report, summary);
  return {
    headline: headlineOf(report, summary),
    lead: [...changesText(report), ...(disagreement ? [disagreement] : [])],
    notes: notesOf(report),
    ...(triage.kind === "taken" && !triage.isElsewhere ? { triage: triageView(triage.triage) } : {}),
    ...findingsPart(report, summary.findings, report.leftOut, options),
    ...endOf(report, options),
  };
}

function updateView(report: RunReport, summary: Summary, options: ViewOptions): CommentView {
  const { reopened, outcome } = reopenedIn(report);
  const findings = summary.findings.filter(({ item }) => isReopened(item));
  return {
    headline: `Update. ${headlineOf(report, summary)}`,
    lead: [...changesText(report), ...(outcome ? [outcome] : [])],
    notes: notesOf(reopened),
    ...findingsPart(report, findings, report.leftOutSince ?? [], options),
    ...endOf(report, options),
  };
}

interface AddendumOptions extends ViewOptions {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly incident?: Incident;
  /** The verdict that the incident's tags have so far. */
  readonly before?: Verdict | undefined;
}

/** A triage that came too late for its run's comment, as a comment of its own. */
export function addendumView(triage: Triage, deliveryId: string, options: AddendumOptions): CommentView {
  const { version, lengthLimit, at, incident, before } = options;
  const verdict = verdictOfTriage(triage);
  const isRaised = before !== undefined && before !== verdict && rank(verdict) < rank(before);
  return {
    ...noFindings,
    headline: triageHeadline(triage),
    lead: isRaised
      ? [
          `This changes the verdict of the incident from "${verdictTitles[before]}" to "${verdictTitles[verdict]}".`,
        ]
      : [],
    notes: [],
    triage: triageView(triage),
    footer: addendumFooter(deliveryId, { version, at, ...(incident ? { number: incident.number } : {}) }),
    lengthLimit: lengthLimit ?? defaultLengthLimit,
  };
}

const rank = (verdict: Verdict) => verdicts.indexOf(verdict);
const isBad = ({ verdict }: { readonly verdict: Verdict }) => rank(verdict) < rank("unknown");

/** Said where one of the two calls the incident a threat and the other one harmless. */
function triageDisagreement({ triage: state }: RunReport, { findings }: Summary): string | undefined {
  if (state.kind !== "taken" || findings.length === 0) return undefined;
  const verdict = verdictOfTriage(state.triage);
  if (verdict === "clean" && findings.some(isBad))
    return `Intezer's triage disagrees: ${state.triage.verdictTitle}.`;
  if (isBad({ verdict }) && findings.every((finding) => finding.verdict === "clean"))
    return "The lookups disagree: they call every indicator clean.";
  return undefined;
}

function findingsPart(
  report: RunReport,
  findings: readonly Finding[],
  leftOut: RunReport["leftOut"],
  { detail = "worst" }: ViewOptions,
) {
  const notLooked = notLookedUp(leftOut);
  return {
    bad: findings.filter(isBad).map((finding) => badItem(report, finding)),
    moreBad: 0,
    groups: [
      ...groupsOf(
        report,
        findings.filter((finding) => !isBad(finding)),
      ),
      ...(notLooked ? [notLooked] : []),
    ],
    ...cardsFrom(report, findings, detail),
  };
}

const maxLabelLength = 200;

function badItem(report: RunReport, finding: Finding): BadItem {
  const { item, verdict } = finding;
  const disagreement = disagreementIn(report, finding);
  const was = verdictBefore(report, finding);
  return {
    verdict: capitalised(verdict) + was,
    label: cut(labelOf(item.indicator), maxLabelLength),
    figures: figuresOf(report, item),
    facts: [...factsOf(report, item), ...(disagreement ? [disagreement] : [])],
  };
}

/** In an update: what the first comment said of the indicator, where that was something else. */
function verdictBefore(report: RunReport, { item: { before, ...item }, verdict }: Finding): string {
  if (report.part === "first") return "";
  if (!before) return " (new)";
  const was = findingOf(report, { ...item, lookups: before }).verdict;
  return was === verdict ? "" : ` (was ${was})`;
}

function endOf(report: RunReport, { version, lengthLimit }: ViewOptions) {
  return { footer: footerOf(report, version), lengthLimit: lengthLimit ?? defaultLengthLimit };
}
