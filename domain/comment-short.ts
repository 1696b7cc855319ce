import { type CommentView, noFindings } from "./comment-view";

const mostNotes = 3;

/** For an incident that has little room left: verdict and counts, what is not checked, and where the rest is. */
export function shortView(view: CommentView, commentsCount: number, instanceId: string): CommentView {
  const { triage: _triage, leftOut: _leftOut, ...rest } = view;
  const where = `This comment is short, because the incident has ${commentsCount} comments and may have 100. Verdicts and findings are in the output of the orchestration ${instanceId}, in the app's task hub.`;
  return {
    ...rest,
    notes: [where, ...view.notes.slice(0, mostNotes)],
    ...noFindings,
  };
}
