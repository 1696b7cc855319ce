import { ago, type Case, describeMissing, type Missing, nothing, tagged } from "./missing-run-setup";

const failed: Missing = { cause: "run failed", eventType: "Create" };
const grown: Missing = { cause: "alerts were added", eventType: "Update" };
const mergedTags: Missing = { cause: "tags came by a merge", eventType: "Update" };
const late: Missing = { cause: "no indicator was there yet", eventType: "Update", needsIndicator: true };
const uncommented: Missing = { cause: "no comment", eventType: "Create" };
const first: Missing = { cause: "not enriched", eventType: "Create" };

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
    missing: mergedTags,
  },
  {
    title: "found no threat, and beside its tag is a worse one",
    run: { verdict: "clean" },
    of: { tags: tagged("no-known-threat", "threat-found"), commentsCount: 1 },
    missing: mergedTags,
  },
  {
    title: "missed nothing, and a merge has brought the tag that something is missing",
    run: { verdict: "malicious" },
    of: { tags: tagged("threat-found", "enrichment-incomplete") },
    missing: mergedTags,
  },
  {
    title: "has said itself that something is missing",
    run: { verdict: "malicious", isIncomplete: true },
    of: { tags: tagged("threat-found", "Enrichment-Incomplete") },
    missing: nothing,
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

describeMissing("with a run that", afterRun);
describeMissing("with a run of reconciliation that", afterReconciledRun);
describeMissing("without a run", withoutRun);
describeMissing("that", whateverRan);
