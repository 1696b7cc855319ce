import type { OrchestrationContext } from "durable-functions";
import { commentIsDue } from "../domain/comment-when";
import type { RunInput } from "../domain/run";
import type { RunReport } from "../domain/run-report";
import { summarize } from "../domain/summary";
import { tagsFor } from "../domain/tags";
import { call, type Step } from "./call";
import { persist } from "./persist";
import { writeTags } from "./write-tags";

/** What was written of one part of a run. */
export interface Published {
  readonly commentId?: string;
  /** The HTML, in a dry run only. */
  readonly comment?: string;
  readonly tags: readonly string[];
  readonly warnings: readonly string[];
}

/** Writes the comment, then the tags; throws, and so fails the run, when nothing could be written. */
export function* publish(context: OrchestrationContext, input: RunInput, report: RunReport): Step<Published> {
  const summary = summarize(report);
  const tags = tagsFor(summary);
  const isDue = commentIsDue(input.settings.commentWhen, report, summary);
  const posted = isDue ? yield* postComment(context, input, report) : {};
  if (input.settings.dryRun) return { ...posted, tags, warnings: [] };

  const rule = report.part === "first" ? "replace" : "update";
  const tagged = yield* writeTags(context, { incident: input.incident, tags, rule });
  if (tagged.kind === "done") return { ...posted, tags, warnings: [] };
  if (!isDue) throw new Error(`The tags could not be written: ${tagged.reason}`);
  return { ...posted, tags: [], warnings: [`The tags could not be written: ${tagged.reason}`] };
}

function* postComment(
  context: OrchestrationContext,
  input: RunInput,
  report: RunReport,
): Step<{ commentId?: string; comment?: string }> {
  const { incident, settings } = input;
  const posted = yield* persist(context, () =>
    call(context, "postComment", {
      incident,
      report,
      detail: settings.commentDetail,
      dryRun: settings.dryRun,
    }),
  );
  if (posted.kind === "refused") throw new Error(`The comment could not be written: ${posted.reason}`);
  return posted.value;
}
