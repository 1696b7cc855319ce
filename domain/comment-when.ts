import type { CommentWhen } from "./run";
import type { RunReport } from "./run-report";
import type { Summary } from "./summary";

const conditions: Readonly<Record<CommentWhen, (report: RunReport, summary: Summary) => boolean>> = {
  always: () => true,
  indicators: (report) => report.indicators.length > 0 || report.triage.kind === "taken",
  findings: (_report, { verdict, counts }) =>
    verdict === "malicious" || verdict === "suspicious" || counts.notChecked > 0,
};

/**
 * Whether a comment is written at all (setting COMMENT_WHEN); tags are written in any case. An update that the first
 * comment has promised does not ask.
 */
export function commentIsDue(when: CommentWhen, report: RunReport, summary: Summary): boolean {
  return conditions[when](report, summary);
}
