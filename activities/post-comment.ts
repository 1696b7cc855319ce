import { type Attempt, done } from "../domain/attempt";
import { shortView } from "../domain/comment/fit";
import { toCommentView } from "../domain/comment/view";
import type { IncidentRef, Survivor } from "../domain/incident/incident";
import type { IncidentStore } from "../domain/incident/incident-store";
import type { RunReport } from "../domain/report/report";
import { summarize } from "../domain/report/summary";
import { commentIdFor, deliveryMark } from "../domain/run/own-comments";
import type { CommentDetail, CommentFormat } from "../domain/run/settings";
import { renderComment } from "../templates/render-comment";
import { briefReadMs, type Invocation } from "./invocation";

export interface PostCommentInput {
  /** The run's incident: the comment's id is derived from it, wherever it is written. */
  readonly incident: IncidentRef;
  /** The incident to write to, if the run's own was merged. */
  readonly survivor?: Survivor;
  readonly report: RunReport;
  readonly detail: CommentDetail;
  /** Instance id of the run, to which a short comment refers. */
  readonly instanceId: string;
  readonly dryRun: boolean;
}

export interface PostedComment {
  readonly commentId?: string;
  /** The comment, only in a dry run, which writes nothing. */
  readonly comment?: string;
  /** The incident has the maximum number of comments: nothing was written. */
  readonly isFull?: boolean;
}

/** How the app prints comments. */
export interface Printer {
  readonly version: string;
  readonly commentFormat: CommentFormat;
  /** Hosts that a comment may link to. */
  readonly linkHosts: readonly string[];
}

/** Writes a run's first comment or its update; only once, however often it is called. */
export function createPostComment(incidents: IncidentStore, printer: Printer) {
  const { version } = printer;
  const { commentLength: lengthLimit, commentsPerIncident, shortCommentsFrom } = incidents.limits;

  return async (input: PostCommentInput, { log }: Invocation): Promise<Attempt<PostedComment>> => {
    const { incident: owner, survivor, detail, instanceId, dryRun } = input;
    const incident = survivor?.ref ?? owner;
    const id = commentIdFor(owner, input.report.run, input.report.part);
    const marked = await withDeliveryMark(input.report, id);
    if (marked.kind !== "done") return marked;
    const report = { ...marked.value, ...(survivor ? { mergedInto: survivor.number } : {}) };
    const { commentsCount } = survivor ?? report.incident;
    if (!hasNews(report)) return done({});

    const view = toCommentView(report, summarize(report), { version, detail, lengthLimit });
    const isShort = commentsCount >= shortCommentsFrom;
    const comments = { present: commentsCount, most: commentsPerIncident };
    const message = renderComment(isShort ? shortView(view, comments, instanceId) : view, printer);
    if (dryRun) return done({ comment: message });
    if (commentsCount >= commentsPerIncident) return done({ isFull: true });
    const written = await incidents.writeComment(incident, { id, message });
    log("Wrote the comment", {
      incidentId: incident.incidentId,
      run: report.run,
      part: report.part,
      length: message.length,
      answer: written.kind === "done" ? written.value : written.kind,
    });
    if (written.kind !== "done") return written;
    return done(written.value === "full" ? { isFull: true } : { commentId: id });

    /** Marks a triage that another comment already has, e.g. an earlier addendum, so that it is not repeated. */
    async function withDeliveryMark(given: RunReport, ownId: string): Promise<Attempt<RunReport>> {
      const { triage, part } = given;
      if (triage.kind !== "taken" || part !== "first") return done(given);
      const comments = await incidents.readComments(incident, briefReadMs);
      if (comments.kind !== "done") return comments;
      const mark = deliveryMark(triage.deliveryId);
      const isElsewhere = comments.value.some((other) => other.id !== ownId && other.message.includes(mark));
      return done({ ...given, triage: { ...triage, isElsewhere } });
    }
  };
}

/** A repeated run has no news if all it adds is a triage that another comment already has. */
function hasNews({ changes, triage }: RunReport): boolean {
  if (!changes || changes.indicators.length > 0) return true;
  return triage.kind === "taken" && !triage.isElsewhere;
}
