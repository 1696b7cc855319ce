import type { Incident } from "../incident/incident";
import { defined } from "../json";
import type { Finding } from "../report/finding";
import type { RunReport } from "../report/report";
import type { Summary } from "../report/summary";
import type { Triage } from "../report/triage";
import { changesText } from "../run/changes";
import type { CommentDetail } from "../run/settings";
import { type CardView, cardsFrom } from "./cards";
import { addendumFooter, footerOf } from "./footer";
import { headlineOf, triageHeadline } from "./headline";
import { type LeftOutView, leftOutView } from "./left-out";
import { notesOf } from "./notes";
import { reasonsOf } from "./reasons";
import { type Fold, foldedClean, type RowView, rowsFrom } from "./table";
import { type TriageView, triageView } from "./triage";
import { isReopened, reopenedIn } from "./update";

export { deliveryMark } from "./footer";

interface Link {
  readonly text: string;
  readonly url: string;
}

/**
 * A comment, in the order in which it is printed. Plain data: texts are as they came, only indicators are defanged.
 * Whoever prints it encodes every text. What does not fit is left out by `shrinkToFit`, which counts what it takes away.
 */
export interface CommentView {
  readonly headline: string;
  /** What is not checked, pending or switched off; in an update first of all what came. One sentence or two each. */
  readonly notes: readonly string[];
  readonly reasons: readonly string[];
  readonly triage?: TriageView;
  /** Titles of the providers that were asked, one per cell of a row. */
  readonly columns: readonly string[];
  /** Worst first. */
  readonly rows: readonly RowView[];
  readonly folds: readonly Fold[];
  /** Indicators that are neither in a row nor named in a fold. */
  readonly moreRows: number;
  readonly cards: readonly CardView[];
  /** Indicators that have details as well, but no card. */
  readonly moreCards: number;
  readonly leftOut?: LeftOutView;
  readonly footer: readonly string[];
  readonly incident?: Link;
  /** UTF-16 units of markup and text. */
  readonly lengthLimit: number;
}

/** Of a comment that tells nothing of what was looked up. */
export const noFindings = {
  reasons: [],
  columns: [],
  rows: [],
  folds: [],
  moreRows: 0,
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

/** The first comment of a run, or its update: that one tells what was open before, and nothing else. */
export function toCommentView(report: RunReport, summary: Summary, options: ViewOptions): CommentView {
  return report.part === "first" ? firstView(report, summary, options) : updateView(report, summary, options);
}

function firstView(report: RunReport, summary: Summary, options: ViewOptions): CommentView {
  const { triage } = report;
  const leftOut = leftOutView(report.leftOut);
  const newTriage = triage.kind === "taken" && !triage.isElsewhere ? triage.triage : undefined;
  return {
    headline: headlineOf(report, summary),
    notes: [...changesText(report), ...notesOf(report)],
    reasons: reasonsOf(report, summary.findings),
    ...defined({ triage: newTriage && triageView(newTriage), leftOut }),
    ...findingsPart(report, summary.findings, options),
    ...endOf(report, options),
  };
}

function updateView(report: RunReport, summary: Summary, options: ViewOptions): CommentView {
  const { reopened, outcome } = reopenedIn(report);
  const findings = summary.findings.filter(({ item }) => isReopened(item));
  const leftOut = leftOutView(report.leftOutSince ?? []);
  return {
    headline: `Update. ${headlineOf(report, summary)}`,
    notes: [...changesText(report), ...(outcome ? [outcome] : []), ...notesOf(reopened)],
    reasons: reasonsOf({ ...report, triage: { kind: "none" } }, findings),
    ...findingsPart(report, findings, options),
    ...defined({ leftOut }),
    ...endOf(report, options),
  };
}

/** A triage that came too late for its run's comment, as a comment of its own. */
export function addendumView(
  triage: Triage,
  deliveryId: string,
  { version, lengthLimit, at, incident }: ViewOptions & { readonly at: number; readonly incident?: Incident },
): CommentView {
  return {
    headline: triageHeadline(triage),
    notes: [],
    ...noFindings,
    triage: triageView(triage),
    footer: addendumFooter(deliveryId, version, at),
    ...(incident ? incidentPart(incident) : {}),
    lengthLimit,
  };
}

function findingsPart(report: RunReport, findings: readonly Finding[], { detail = "worst" }: ViewOptions) {
  const asked = report.providers.filter(({ id }) =>
    findings.some(({ item }) => (item.lookups[id]?.kind ?? "off") !== "off"),
  );
  return {
    columns: asked.map(({ title }) => title),
    ...foldedClean(rowsFrom({ ...report, providers: asked }, findings)),
    moreRows: 0,
    ...cardsFrom(report, findings, detail),
  };
}

function endOf(report: RunReport, { version, lengthLimit }: ViewOptions) {
  return {
    footer: footerOf(report, version),
    ...incidentPart(report.incident),
    lengthLimit,
  };
}

function incidentPart({ number, url }: Incident): Pick<CommentView, "incident"> {
  return url ? { incident: { text: `Incident ${number}`, url } } : {};
}
