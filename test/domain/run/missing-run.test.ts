import { describe, expect, it } from "vitest";
import type { ListedIncident } from "../../../domain/incident/incident-list";
import { defined } from "../../../domain/json";
import type { LastRun } from "../../../domain/run/last-run";
import { type MissingRun, type MissingRunRules, missingRunOf } from "../../../domain/run/missing-run";

const minuteMs = 60_000;
const now = Date.parse("2026-11-26T12:00:00Z");
const ago = (minutes: number) => now - minutes * minuteMs;

const incident: ListedIncident = {
  ref: { scope: "/workspace", incidentId: "0f1e2d3c-4b5a-4678-9a0b-c1d2e3f4a5b6" },
  number: 1001,
  severity: "Medium",
  status: "New",
  tags: [],
  commentsCount: 0,
  alertsCount: 1,
  createdAt: ago(120),
  changedAt: ago(20),
};
const rules: MissingRunRules = {
  mode: "known",
  severities: ["High", "Medium"],
  commentWhen: "indicators",
  now,
  changedAfter: ago(60),
  trustsComments: false,
  merged: new Set(),
  triggerMs: 15 * minuteMs,
};
const ran: LastRun = {
  verdict: "clean",
  isCommented: true,
  state: "succeeded",
  endedAt: ago(90),
  indicators: 2,
  alerts: 1,
  hasTriage: false,
  hasEnvelope: false,
};
const tagged = (...verdicts: readonly string[]) => ["enriched", ...verdicts];

type Missing = Omit<MissingRun, "incident">;
const nothing = undefined;
const failed: Missing = { cause: "run failed", eventType: "Create" };
const grown: Missing = { cause: "alerts were added", eventType: "Update" };
const late: Missing = { cause: "no indicator was there yet", eventType: "Update", needsIndicator: true };
const uncommented: Missing = { cause: "no comment", eventType: "Create" };
const first: Missing = { cause: "not enriched", eventType: "Create" };

interface Case {
  readonly title: string;
  readonly of?: Partial<ListedIncident>;
  readonly run?: { readonly [Field in keyof LastRun]?: LastRun[Field] | undefined };
  readonly by?: Partial<MissingRunRules>;
  readonly missing: Missing | undefined;
}

const merged = { status: "Closed", isMerged: true } as const;

const movedOn: Missing = { cause: "merged since its run", eventType: "Update" };

const beforeMerge: readonly Case[] = [
  { title: "has commented on all it knew", run: {}, missing: nothing },
  { title: "has a triage", run: { hasTriage: true }, missing: movedOn },
  {
    title: "has a triage, and was followed to the incident that took over",
    run: { hasTriage: true, mergedInto: "the-second" },
    missing: nothing,
  },
  {
    title: "has a triage, and was followed to an incident that was merged as well",
    run: { hasTriage: true, mergedInto: "the-second" },
    by: { merged: new Set(["the-second"]) },
    missing: movedOn,
  },
  { title: "has failed", run: { state: "failed" }, missing: movedOn },
  {
    title: "has failed, the third in a row",
    run: { state: "failed", reconciled: { alerts: 1, tries: 3 } },
    missing: movedOn,
  },
  { title: "is under way", run: { state: "underWay", indicators: 0 }, missing: nothing },
  { title: "was ended by an operator", run: { state: "ended", indicators: 0 }, missing: nothing },
  { title: "saw no indicator", run: { indicators: 0, endedAt: ago(59) }, missing: movedOn },
  { title: "saw no indicator an hour ago", run: { indicators: 0, endedAt: ago(60) }, missing: nothing },
  {
    title: "found out about the merge itself",
    run: { indicators: 0, endedAt: ago(1), mergedInto: "the-second" },
    missing: nothing,
  },
];

const afterRun: readonly Case[] = [
  { title: "has ended well", run: {}, missing: nothing },
  {
    title: "is under way",
    run: { state: "underWay", indicators: 0 },
    of: { alertsCount: 9 },
    missing: nothing,
  },
  { title: "has failed", run: { state: "failed" }, missing: failed },
  { title: "was ended by an operator", run: { state: "ended" }, of: { alertsCount: 9 }, missing: nothing },
  { title: "saw fewer alerts", run: { alerts: 1 }, of: { alertsCount: 2 }, missing: grown },
  { title: "saw more alerts: some were moved", run: { alerts: 3 }, of: { alertsCount: 2 }, missing: nothing },
  {
    title: "wrote no comment, and a merge has brought a threat's tag",
    run: { verdict: "unknown", isCommented: false },
    of: { tags: tagged("threat-found") },
    missing: { ...uncommented, eventType: "Update" },
  },
  {
    title: "found that threat itself, and a person has deleted the comment",
    run: { verdict: "malicious" },
    of: { tags: tagged("threat-found") },
    missing: nothing,
  },
  {
    title: "found that threat itself, and has not commented",
    run: { verdict: "malicious", isCommented: false },
    of: { tags: tagged("threat-suspected") },
    missing: nothing,
  },
  {
    title: "wrote no comment, and another comment may say where the threat's tag is from",
    run: { verdict: "unknown", isCommented: false },
    of: { tags: tagged("threat-found"), commentsCount: 1 },
    missing: nothing,
  },
  {
    title: "found that threat itself, and a merge has brought a milder tag",
    run: { verdict: "malicious" },
    of: { tags: tagged("threat-found", "verdict-unknown") },
    missing: { cause: "several verdicts", eventType: "Update" },
  },
  {
    title: "found no threat, and beside its tag is a worse one",
    run: { verdict: "clean" },
    of: { tags: tagged("no-known-threat", "threat-found"), commentsCount: 1 },
    missing: { cause: "several verdicts", eventType: "Update" },
  },
  { title: "did not count alerts", run: { alerts: undefined }, of: { alertsCount: 2 }, missing: nothing },
  {
    title: "saw no indicator, and the incident has changed since",
    run: { indicators: 0, endedAt: ago(30) },
    missing: late,
  },
  { title: "saw no indicator 59 minutes ago", run: { indicators: 0, endedAt: ago(59) }, missing: late },
  {
    title: "saw no indicator, and the incident has not changed since",
    run: { indicators: 0, endedAt: ago(20) - 1_000 },
    missing: { ...late, isGuess: true },
  },
  { title: "saw no indicator an hour ago", run: { indicators: 0, endedAt: ago(60) }, missing: nothing },
  {
    title: "has neither tag nor comment any more",
    run: {},
    of: { tags: [] },
    by: { mode: "all" },
    missing: nothing,
  },
];

const afterReconciledRun: readonly Case[] = [
  {
    title: "failed, the second in a row",
    run: { state: "failed", reconciled: { alerts: 1, tries: 2 } },
    missing: failed,
  },
  {
    title: "failed, the third in a row",
    run: { state: "failed", reconciled: { alerts: 1, tries: 3 } },
    missing: nothing,
  },
  {
    title: "failed, the third in a row, with an alert that is new",
    run: { state: "failed", reconciled: { alerts: 1, tries: 3 } },
    of: { alertsCount: 2 },
    missing: failed,
  },
  {
    title: "sees fewer alerts than the list, for the third time",
    run: { alerts: 1, reconciled: { alerts: 2, tries: 3 } },
    of: { alertsCount: 2 },
    missing: nothing,
  },
  {
    title: "sees no indicator, for the third time",
    run: { indicators: 0, endedAt: ago(1), reconciled: { alerts: 1, tries: 3 } },
    missing: nothing,
  },
];

const withoutRun: readonly Case[] = [
  { title: "and no tag", missing: nothing },
  { title: "and no tag, by all", by: { mode: "all" }, missing: first },
  {
    title: "and no tag, by all, of another severity",
    by: { mode: "all" },
    of: { severity: "Low" },
    missing: nothing,
  },
  {
    title: "and no tag, by all, 14 minutes old",
    by: { mode: "all" },
    of: { createdAt: ago(14) },
    missing: nothing,
  },
  {
    title: "and no tag, by all, 15 minutes old",
    by: { mode: "all" },
    of: { createdAt: ago(15) },
    missing: first,
  },
  { title: "that found a threat", of: { tags: tagged("threat-found") }, missing: uncommented },
  { title: "that is tagged in capitals", of: { tags: ["Enriched", "Threat-Found"] }, missing: uncommented },
  { title: "that found nothing bad", of: { tags: tagged("no-known-threat") }, missing: uncommented },
  {
    title: "that may have had nothing to look up",
    of: { tags: tagged("verdict-unknown") },
    missing: { ...uncommented, needsIndicator: true },
  },
  {
    title: "that may have had nothing to look up, and has not changed",
    of: { tags: tagged("verdict-unknown"), changedAt: ago(61) },
    missing: nothing,
  },
  {
    title: "that has comments",
    of: { tags: tagged("threat-found"), commentsCount: 1 },
    missing: { ...uncommented, needsNoComment: true },
  },
  {
    title: "that has comments, and has not changed",
    of: { tags: tagged("threat-found"), commentsCount: 1, changedAt: ago(61) },
    missing: nothing,
  },
  {
    title: "that has comments, of which none can be read",
    of: { tags: tagged("threat-found"), commentsCount: 1 },
    by: { trustsComments: true },
    missing: nothing,
  },
  {
    title: "that found nothing bad, where only findings are commented on",
    of: { tags: tagged("no-known-threat") },
    by: { commentWhen: "findings" },
    missing: nothing,
  },
  {
    title: "that found a threat, where only findings are commented on",
    of: { tags: tagged("threat-suspected") },
    by: { commentWhen: "findings" },
    missing: uncommented,
  },
  {
    title: "that is unknown, where a comment is always written",
    of: { tags: tagged("verdict-unknown") },
    by: { commentWhen: "always" },
    missing: uncommented,
  },
];

const whateverRan: readonly Case[] = [
  { title: "is closed", of: { status: "Closed", tags: tagged("threat-found") }, missing: nothing },
  {
    title: "is closed after a failed run",
    of: { status: "Closed" },
    run: { state: "failed" },
    missing: nothing,
  },
  {
    title: "was merged into another one",
    of: { status: "closed", tags: [...tagged("threat-found"), "Redirected"] },
    missing: nothing,
  },
  {
    title: "is open, with the label of an incident that was merged into it",
    of: { tags: [...tagged("threat-found"), "Redirected"] },
    missing: uncommented,
  },
];

describe.each([
  {
    what: "that was merged since a run that",
    cases: beforeMerge.map((each) => ({ ...each, of: { ...merged, ...each.of } })),
  },
  { what: "with a run that", cases: afterRun },
  { what: "with a run of reconciliation that", cases: afterReconciledRun },
  { what: "without a run", cases: withoutRun },
  { what: "that", cases: whateverRan },
])("The run that is missing of an incident $what", ({ cases }) => {
  it.each(cases)("$title", ({ of, run, by, missing }) => {
    const listed = { ...incident, ...of };
    const lastRun = run && (defined({ ...ran, ...run }) as LastRun);
    const expected = missing && { ...missing, incident: listed };
    expect(missingRunOf(listed, lastRun, { ...rules, ...by })).toEqual(expected);
  });
});
