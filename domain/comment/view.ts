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
 * A comment, in the order in which it is printed. Plain data: texts are as they came, only indicators are defanged; they
 * are encoded when they are printed. What does not fit is left out by `shrinkToFit`, which counts what it takes away.
 */
export interface CommentView {
  /** Sentences. */
  readonly headline: string;
  /** Sentences below the headline: what changed, and that the triage disagrees. */
  readonly lead: readonly string[];
  /** Malicious and suspicious indicators, worst first, each with its verdict. */
  readonly bad: readonly Item[];
  /** Bad indicators that are only counted. */
  readonly moreBad: number;
  /** What belongs together; in an update what is new of it. */
  readonly links: LinksView;
  /** What is not checked or pending. */
  readonly notes: readonly Note[];
  readonly triage?: TriageView;
  /** Unknown, clean and not looked up. */
  readonly groups: readonly Group[];
  /** Other incidents with the same indicators. Sentences. */
  readonly earlier: readonly string[];
  /** Such sentences that are only counted. */
  readonly moreEarlier: number;
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

/** The first comment of a run, or its update: that one is about what was open before, and nothing else. */
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

/** Whether an update is about the item, as one that was open or came since. */
function isReopened({ before }: ReportItem): boolean {
  return before === undefined || Object.values(before).some(({ kind }) => kind === "open");
}

/** The reason that the headline gives in full. */
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

/** An update is about what was open: the first comment has said what was there before. */
function earlierPart(report: RunReport, findings: readonly Finding[]) {
  const texts = report.part === "first" ? earlierTexts(report, findings) : [];
  return { earlier: texts.slice(0, mostEarlier), moreEarlier: Math.max(0, texts.length - mostEarlier) };
}

function badItem(report: RunReport, finding: Finding): Item {
  return { verdict: capitalised(finding.verdict) + wasText(report, finding), ...itemOf(report, finding) };
}

/** In an update: what the first comment said of the indicator, where that was something else. */
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
  /** Number of the incident that the triage is about, where that was merged into this one. */
  readonly about?: number;
  /** The verdict that the incident's tags show so far. */
  readonly before?: Verdict | undefined;
}

/** A triage that came too late for its run's comment, as a comment of its own. */
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
