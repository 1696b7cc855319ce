import { ago, type Case, describeMissing, type Missing, nothing } from "./missing-run-setup";

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

describeMissing(
  "that was merged since a run that",
  beforeMerge.map((each) => ({ ...each, of: { status: "Closed", mergedInto: 1002 } })),
);
