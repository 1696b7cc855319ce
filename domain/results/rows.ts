import { createHash } from "node:crypto";
import type { IncidentRef } from "../incident/incident";
import { indicatorKey } from "../indicators/indicator";
import { defined } from "../json";
import { contextOf } from "../report/context";
import { type Link, linksIn, linksOf } from "../report/links";
import type { Lookup, Lookups, ReportItem, RunReport } from "../report/report";
import { findingOf, summarize } from "../report/summary";
import { type Triage, verdictOfTriage } from "../report/triage";
import { cut } from "../text";
import { type Verdict, worstOf } from "../verdict";
import { type ResultRow, resultsSchemaVersion } from "./results-table";

/** What the rows are made from. */
export interface RowsOf {
  readonly incident: IncidentRef;
  /** Instance of the run. */
  readonly instanceId: string;
  readonly report: RunReport;
}

/** What the rows say about the app. */
export interface RowsMadeBy {
  readonly version: string;
  /** Ids of providers whose answers are a simulator's. */
  readonly simulated: readonly string[];
}

const mostNames = 5;
const mostReasons = 5;
const mostLinks = 20;
const longestText = 500;

/**
 * One row per indicator and provider. A list of threats without an entry has a row only if that ends a pending lookup. An
 * indicator that no provider looks up has one row without a provider, and an incident without indicators has one row
 * without either, so that every part of a run is in the table.
 */
export function rowsOf(of: RowsOf, by: RowsMadeBy): readonly ResultRow[] {
  const { report } = of;
  const { items } = report;
  const ofPart = cellsOfPart(of, by);
  const links = linksIn(report);
  if (items.length === 0) return [{ ...ofPart, RowId: rowIdOf(of) }];
  return items.flatMap((item) => {
    const ofItem = {
      ...ofPart,
      ...cellsOfItem(report, item),
      ...cellsOfLinks(links, item),
      ...cellsOfContext(report, item),
    };
    const lookups = Object.entries(item.lookups).filter(
      ([provider, { kind }]) => kind !== "noOpinion" || item.before?.[provider]?.kind === "open",
    );
    if (lookups.length === 0) return [{ ...ofItem, RowId: rowIdOf(of, item) }];
    return lookups.map(([provider, lookup]) => ({
      ...ofItem,
      RowId: rowIdOf(of, item, provider),
      Provider: provider,
      ...cellsOfLookup(lookup),
      Simulated: by.simulated.includes(provider),
    }));
  });
}

function cellsOfPart({ incident, instanceId, report }: RowsOf, { version }: RowsMadeBy) {
  const { run, part, at } = report;
  return {
    TimeGenerated: instantOf(at),
    SchemaVersion: resultsSchemaVersion,
    Run: instantOf(run),
    RunId: instanceId,
    Part: part,
    IncidentId: incident.incidentId,
    IncidentNumber: report.incident.number,
    IncidentVerdict: summarize(report).verdict,
    ...defined({ Coverage: coverageOf(report) }),
    ToCommentSeconds: (at - run) / 1000,
    AppVersion: version,
  };
}

/** Identical whenever the same row is sent again. */
function rowIdOf({ incident, report }: RowsOf, item?: ReportItem, provider?: string): string {
  const { run, part } = report;
  const key = [
    incident.scope,
    incident.incidentId,
    run,
    part,
    item && indicatorKey(item.indicator),
    provider,
  ];
  return digestOf(key);
}

function digestOf(key: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(key)).digest("hex").slice(0, 32);
}

const noAnswerExpected: readonly Lookup["kind"][] = ["off", "noOpinion"];

/** Share of the lookups that have an answer; `undefined` if there were no lookups. */
function coverageOf({ items }: RunReport): number | undefined {
  const asked = items
    .flatMap(({ lookups }) => Object.values(lookups))
    .filter(({ kind }) => !noAnswerExpected.includes(kind));
  const answered = asked.filter(({ kind }) => kind === "answered" || kind === "notKnown");
  return asked.length > 0 ? answered.length / asked.length : undefined;
}

function cellsOfItem(report: RunReport, item: ReportItem) {
  const { kind, value, names } = item.indicator;
  return {
    IndicatorKind: kind,
    Indicator: value,
    ...defined({ FileNames: names?.slice(0, mostNames).map((name) => cut(name, longestText)) }),
    IndicatorVerdict: findingOf(report, item).verdict,
  };
}

function cellsOfLinks(links: readonly Link[], { indicator }: ReportItem) {
  const own = linksOf(links, indicator).slice(0, mostLinks);
  return own.length > 0 ? { Links: own } : {};
}

function cellsOfContext(report: RunReport, { indicator }: ReportItem) {
  const { sightings, earlier } = contextOf(report, indicator);
  return defined({
    Sightings: sightings?.map((each) => ({
      ...each,
      first: instantOf(each.first),
      last: instantOf(each.last),
    })),
    EarlierIncidents: earlier && { ...earlier, since: instantOf(earlier.since) },
  });
}

function cellsOfLookup(lookup: Lookup) {
  if (lookup.kind === "open")
    return { Outcome: "pending", Cause: lookup.cause, Reasons: reasonsFrom([lookup.reason]) };
  return {
    Outcome: lookup.kind,
    ...(lookup.kind === "answered"
      ? cellsOfAnswer(lookup.answer)
      : { Reasons: reasonsFrom([lookup.reason]) }),
    ...defined({
      Cause: lookup.kind === "notChecked" ? lookup.cause : undefined,
      Link: lookup.kind === "notKnown" ? lookup.link : undefined,
      KeptSince: lookup.keptSince === undefined ? undefined : instantOf(lookup.keptSince),
    }),
  };
}

function cellsOfAnswer({ verdict, summary, reasons, engines, link }: AnswerOf) {
  return {
    Verdict: verdict,
    Figures: cut(summary, longestText),
    Reasons: reasonsFrom(reasons),
    ...defined({
      Detections: engines?.malicious,
      Suspicious: engines?.suspicious,
      Engines: engines?.all,
      Link: link,
    }),
  };
}

type AnswerOf = Extract<Lookup, { kind: "answered" }>["answer"];

const reasonsFrom = (reasons: readonly string[]) =>
  reasons.slice(0, mostReasons).map((reason) => cut(reason, longestText));

const instantOf = (at: number) => new Date(at).toISOString();

/** The report without what rows do not need, above all the cards, since it is copied into another input. */
export function reportForRows(report: RunReport): RunReport {
  const items = report.items.map(({ indicator, lookups, before }) => ({
    indicator,
    lookups: mapped(lookups, (lookup) => [withoutCard(lookup)]),
    ...(before && { before: mapped(before, (lookup) => (lookup.kind === "open" ? [lookup] : [])) }),
  }));
  return { ...report, items };
}

function mapped(lookups: Lookups, change: (lookup: Lookup) => readonly Lookup[]): Lookups {
  const entries = Object.entries(lookups);
  return Object.fromEntries(
    entries.flatMap(([id, lookup]) => change(lookup).map((each) => [id, each] as const)),
  );
}

function withoutCard(lookup: Lookup): Lookup {
  if (lookup.kind !== "answered") return lookup;
  const { card: _card, ...answer } = lookup.answer;
  return { ...lookup, answer };
}

/** A triage that arrived too late for its run's comment and was written to the incident. */
export interface AddendumRowOf {
  /** The incident that has the addendum. */
  readonly incident: IncidentRef;
  readonly number: number;
  /** Instance id of the delivery. */
  readonly instanceId: string;
  /** The start of the incident's run, epoch milliseconds; absent if there is none. */
  readonly run?: number;
  readonly triage: Triage;
  readonly deliveryId: string;
  /** The verdict that the incident's tags showed before. */
  readonly before?: Verdict;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** The row of an addendum. It is not about an indicator or a lookup: what counts is the verdict of the incident. */
export function addendumRow(of: AddendumRowOf, { version }: { readonly version: string }): ResultRow {
  const { incident, number, instanceId, triage, deliveryId, before = "unknown", at } = of;
  const verdict = verdictOfTriage(triage);
  return {
    TimeGenerated: instantOf(at),
    RowId: digestOf([incident.scope, incident.incidentId, "addendum", deliveryId]),
    SchemaVersion: resultsSchemaVersion,
    Run: instantOf(of.run ?? at),
    RunId: instanceId,
    Part: "addendum",
    IncidentId: incident.incidentId,
    IncidentNumber: number,
    // As with the tags, a late triage can raise the verdict but never lower it.
    IncidentVerdict: worstOf([before, verdict]) ?? verdict,
    Verdict: verdict,
    Figures: cut(triage.verdictTitle, longestText),
    ...defined({ Reasons: triage.note ? [cut(triage.note, longestText)] : undefined, Link: triage.link }),
    AppVersion: version,
  };
}
