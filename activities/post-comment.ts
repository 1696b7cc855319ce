import type { Attempt } from "../domain/attempt";
import type { CommentDetail } from "../domain/comment-detail";
import type { CommentFormat } from "../domain/comment-format";
import { commentIdFor } from "../domain/comment-id";
import { toCommentView } from "../domain/comment-view";
import type { IncidentRef } from "../domain/incident";
import type { IncidentStore } from "../domain/incident-store";
import type { RunReport } from "../domain/run-report";
import { summarize } from "../domain/summary";
import { renderComment } from "../templates/render-comment";
import type { Invocation } from "./invocation";

export interface PostCommentInput {
  readonly incident: IncidentRef;
  readonly report: RunReport;
  readonly detail: CommentDetail;
  readonly dryRun: boolean;
}

export interface PostedComment {
  readonly commentId?: string;
  /** The text, in a dry run only: nothing was written then. */
  readonly comment?: string;
}

/** How the comments of this app are written. */
export interface Printer {
  readonly version: string;
  readonly commentFormat: CommentFormat;
}

/** Writes a run's first comment or its update, once, however often it is called. */
export function createPostComment(incidents: IncidentStore, { version, commentFormat }: Printer) {
  return async (
    { incident, report, detail, dryRun }: PostCommentInput,
    { log }: Invocation,
  ): Promise<Attempt<PostedComment>> => {
    const message = renderComment(
      toCommentView(report, summarize(report), { version, detail }),
      commentFormat,
    );
    if (dryRun) return { kind: "done", value: { comment: message } };
    const id = commentIdFor(incident, report.run, report.part);
    const written = await incidents.writeComment(incident, { id, message });
    log("Wrote the comment", {
      incidentId: incident.incidentId,
      run: report.run,
      part: report.part,
      length: message.length,
      answer: written.kind === "done" ? written.value : written.kind,
    });
    return written.kind === "done" ? { kind: "done", value: { commentId: id } } : written;
  };
}
