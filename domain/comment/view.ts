import type { Incident } from "../incident/incident";
import type { LeftOut } from "../indicators/indicator";
import { defined } from "../json";
import type { ReportItem, RunReport } from "../report/report";
import { type Finding, findingOf, type Summary } from "../report/summary";
import type { Triage } from "../report/triage";
import type { CommentDetail } from "../run/settings";
import { capitalised } from "../text";
import { isBad, type Verdict } from "../verdict";
import { type CardView, cardsFrom } from "./cards";
import { earlierTexts, withoutRepeats } from "./context";
import { addendumFooter, footerOf } from "./footer";
import { type Group, groupsOf } from "./groups";
import { causeOfNothing, headlineOf, triageHeadline, withoutAdvice } from "./headline";
import { type Item, itemOf } from "./item";
import { addendumLead, leadOf, updateLead } from "./lead";
import { type LinksView, linksView, noLinks } from "./links";
import { type Note, notesOf, unseenNotes } from "./notes";
import { type TriageView, triageView } from "./triage";

/**
 * A comment, in the order in which it is printed. Plain data: texts are unencoded, and only indicators are defanged; the
 * templates encode everything. `shrinkToFit` removes what does not fit and counts what it removes.
 */
export interface CommentView {
  /** Sentences. */
  readonly headline: string;
  /** Sentences below the headline, for example what has changed, or that the triage disagrees. */
  readonly lead: readonly string[];
  /** Malicious and suspicious indicators, worst first, each with its verdict. */
  readonly bad: readonly Item[];
  /** Bad indicators that are only counted. */
  readonly moreBad: number;
  /** Related indicators; in an update only the new links. */
  readonly links: LinksView;
  /** What is not checked or pending. */
  readonly notes: readonly Note[];
  readonly triage?: TriageView;
  /** Unknown, clean and not looked up. */
  readonly groups: readonly Group[];
  /** Other incidents with the same indicators. Sentences. */
  readonly earlier: readonly string[];
  /** Number of such sentences that were removed. */
  readonly moreEarlier: number;
  readonly cards: readonly CardView[];
  /** Indicators whose details were removed. */
  readonly moreCards: number;
  readonly footer: readonly string[];
  /** UTF-16 units of markup and text. */
  readonly lengthLimit: number;
}

/** The parts of a comment that reports no lookups. */
export const noFindings = {
  lead: [],
  bad: [],
  moreBad: 0,
  links: noLinks,
  groups: [],
  earlier: [],
  moreEarlier: 0,
  cards: [],
  moreCards: 0,
} as const satisfies Partial<CommentView>;

export interface ViewOptions {
  /** Of the app. */
  readonly version: string;
  /** Default `worst`. */
  readonly detail?: CommentDetail;
  /** As in the limits of the incident's store. */
  readonly lengthLimit: number;
}

/** The first comment of a run, or its update, which covers only what was open before. */
export function toCommentView(report: RunReport, summary: Summary, options: ViewOptions): CommentView {
  return report.part === "first" ? firstView(report, summary, options) : updateView(report, summary, options);
}

function firstView(report: RunReport, summary: Summary, options: ViewOptions): CommentView {
  const { triage, leftOut } = report;
  const newTriage = triage.kind === "taken" && !triage.isElsewhere ? triage.triage : undefined;
  return {
    headline: headlineOf(report, summary),
    lead: leadOf(report, summary),
    notes: [...notesOf(report, saidReason(report, summary)), ...unseenNotes(report.incident)],
    ...defined({ triage: newTriage && triageView(newTriage) }),
    ...findingsPart(report, summary.findings, leftOut, options),
    ...endOf(report, options),
  };
}

function updateView(report: RunReport, summary: Summary, options: ViewOptions): CommentView {
  const reopened = reopenedIn(report);
  const findings = summary.findings.filter(({ item }) => isReopened(item));
  return {
    headline: `Update. ${headlineOf(report, summary)}`,
    lead: updateLead(report, reopened),
    notes: notesOf(reopened, saidReason(report, summary)),
    ...findingsPart(report, findings, report.leftOutSince ?? [], options),
    ...endOf(report, options),
  };
}

/** The report with only what an update is about: the lookups that the first comment called open, and what came since. */
function reopenedIn(report: RunReport): RunReport {
  const items = report.items
    .map(reopenedItem)
    .filter(({ before, lookups }) => before === undefined || Object.keys(lookups).length > 0);
  return { ...report, items, triage: { kind: "none" } };
}

function reopenedItem({ before, ...item }: ReportItem): ReportItem {
  if (!before) return item;
  const open = Object.entries(item.lookups).filter(([id]) => before[id]?.kind === "open");
  return { ...item, lookups: Object.fromEntries(open), before };
}

/** Whether an update covers the item, because it was open or was added since. */
function isReopened({ before }: ReportItem): boolean {
  return before === undefined || Object.values(before).some(({ kind }) => kind === "open");
}

/** The reason, if the headline gives it in full. */
function saidReason(report: RunReport, summary: Summary): string | undefined {
  const reason = causeOfNothing(report, summary)?.reason;
  return reason !== undefined && withoutAdvice(reason) === reason ? reason : undefined;
}

function findingsPart(
  report: RunReport,
  findings: readonly Finding[],
  leftOut: readonly LeftOut[],
  { detail = "worst" }: ViewOptions,
) {
  return {
    bad: withoutRepeats(
      findings.filter(({ verdict }) => isBad(verdict)).map((finding) => badItem(report, finding)),
    ),
    moreBad: 0,
    links: linksView(report),
    groups: groupsOf(report, findings, leftOut),
    ...earlierPart(report, findings),
    ...cardsFrom(report, findings, detail),
  };
}

const mostEarlier = 5;

/** Only in the first comment: an update does not repeat earlier incidents. */
function earlierPart(report: RunReport, findings: readonly Finding[]) {
  const texts = report.part === "first" ? earlierTexts(report, findings) : [];
  return { earlier: texts.slice(0, mostEarlier), moreEarlier: Math.max(0, texts.length - mostEarlier) };
}

function badItem(report: RunReport, finding: Finding): Item {
  return { verdict: capitalised(finding.verdict) + wasText(report, finding), ...itemOf(report, finding) };
}

/** In an update: the verdict in the first comment, if it was different. */
function wasText(report: RunReport, { item: { before, ...item }, verdict }: Finding): string {
  if (report.part === "first") return "";
  if (!before) return " (new)";
  const was = findingOf(report, { ...item, lookups: before }).verdict;
  return was === verdict ? "" : ` (was ${was})`;
}

function endOf(report: RunReport, { version, lengthLimit }: ViewOptions) {
  return { footer: footerOf(report, version), lengthLimit };
}

interface AddendumOptions extends ViewOptions {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly incident?: Incident;
  /** Number of the incident that the triage is about, if that incident was merged into this one. */
  readonly about?: number;
  /** The verdict that the incident's tags show so far. */
  readonly before?: Verdict | undefined;
}

/** The comment for a triage that arrived too late for its run's comment. */
export function addendumView(triage: Triage, deliveryId: string, options: AddendumOptions): CommentView {
  const { version, lengthLimit, at, incident, about, before } = options;
  return {
    ...noFindings,
    headline: triageHeadline(triage),
    lead: addendumLead(triage, about, before),
    notes: [],
    triage: triageView(triage),
    footer: addendumFooter(deliveryId, { version, at, ...defined({ number: incident?.number }) }),
    lengthLimit,
  };
}
