import { expect, test } from "vitest";
import type { Lookup, RunReport } from "../../../domain/report/report";
import { summarize } from "../../../domain/report/summary";
import { type CommentWhen, commentIsDue } from "../../../domain/run/settings";
import { answered, indicator, pending, report, taken, unreadable } from "../../support/reports";

const reportOf = (lookup: Lookup, more: Partial<RunReport> = {}) =>
  report([[indicator("address", "8.8.8.8"), lookup]], more);
const clean = reportOf(answered("clean"));
const malicious = reportOf(answered("malicious"));
const open = reportOf(pending);
const late = reportOf(answered("clean"), { part: "update" });
const nothing = report([]);
const unread = report([], { leftOut: [unreadable("x")] });
const triaged = report([], { triage: taken("false_positive") });

test.each<[when: CommentWhen, what: string, report: RunReport, isDue: boolean]>([
  ["always", "nothing to look up", nothing, true],
  ["indicators", "nothing to look up", nothing, false],
  ["indicators", "a triage and nothing to look up", triaged, true],
  ["indicators", "only what could not be read", unread, true],
  ["findings", "only what could not be read", unread, true],
  ["indicators", "a clean indicator", clean, true],
  ["findings", "a clean indicator", clean, false],
  ["findings", "a malicious indicator", malicious, true],
  ["findings", "an indicator that is not checked yet", open, true],
  ["indicators", "an indicator that came after the first comment", late, true],
  ["findings", "a clean indicator that came after the first comment", late, false],
])("with COMMENT_WHEN=%s, %s: %4$s", (when, _what, given, isDue) => {
  expect(commentIsDue(when, given, summarize(given))).toBe(isDue);
});
