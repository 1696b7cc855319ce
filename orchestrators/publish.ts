import type { OrchestrationContext } from "durable-functions";
import { commentIsDue } from "../domain/comment-when";
import { grouped } from "../domain/grouped";
import type { RunInput } from "../domain/run";
import type { RunReport } from "../domain/run-report";
import { summarize } from "../domain/summary";
import { tagsFor } from "../domain/tags";
import { call, type Step } from "./call";
import { log } from "./log";
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
  logUnchecked(context, report);
  const isDue = commentIsDue(input.settings.commentWhen, report, summary);
  const posted = isDue ? yield* postComment(context, input, report) : {};
  if (input.settings.dryRun) return { ...posted, tags, warnings: [] };

  const rule = report.part === "first" ? "replace" : "update";
  const tagged = yield* writeTags(context, { incident: input.incident, tags, rule });
  if (tagged.kind === "done") return { ...posted, tags, warnings: [] };
  if (!isDue) throw new Error(`The tags could not be written: ${tagged.reason}`);
  return { ...posted, tags: [], warnings: [`The tags could not be written: ${tagged.reason}`] };
}

/** What a spent quota, a rejected key or a missing right left undone: alerts of the deployment read this line. */
function logUnchecked(context: OrchestrationContext, { providers }: RunReport): void {
  for (const { id, lookUps } of providers) {
    const causes = lookUps.flatMap((lookUp) => (lookUp.kind === "notChecked" ? lookUp.cause : []));
    for (const [cause, ...others] of grouped(causes, (same) => same))
      log(context, "Left indicators unchecked", { provider: id, cause, indicators: others.length + 1 });
  }
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
