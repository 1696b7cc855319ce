import type { OrchestrationContext } from "durable-functions";
import type { FetchedIncident, LaterReading } from "../../activities/fetch-incident";
import type { PostCommentInput, PostedComment } from "../../activities/post-comment";
import type { Attempt } from "../../domain/attempt";
import { defined } from "../../domain/json";
import type { RunReport } from "../../domain/report/report";
import { type Summary, summarize } from "../../domain/report/summary";
import { type TagRule, tagsFor } from "../../domain/report/tags";
import { movedTo, type Place, type PreviousRun, type RunInput } from "../../domain/run/run";
import { commentIsDue } from "../../domain/run/settings";
import { grouped } from "../../domain/text";
import { branch, log, type Step, settled } from "../durable/call";
import { isMerge, nothingSaid, type Said, say, sayThere, writeTags } from "./say";

/** What was written for one part of a run. */
export interface Published {
  readonly commentId?: string;
  /** The comment, only in a dry run. */
  readonly comment?: string;
  readonly tags: readonly string[];
  readonly warnings: readonly string[];
  readonly said: Said;
}

/** The result of writing one part's comment. */
interface Commented {
  readonly said: Said;
  readonly isDue: boolean;
  readonly commentId?: string;
  readonly comment?: string;
  /** Why the second reading of the entities failed. */
  readonly unread?: string;
}

/** A repeated run comments only if something has changed. */
function isDue({ settings, previous }: RunInput, report: RunReport): boolean {
  if (previous !== undefined && report.changes === undefined) return false;
  return commentIsDue(settings.commentWhen, report, summarize(report));
}

/**
 * Writes the first comment, and reads the entities again at the same moment: indicators that were added until then are
 * looked up in the second phase. The reading is tried only once, since tags and second phase do not wait for it. If it
 * shows a merge, the comment is written to the remaining incident, even if this one already has it. Throws, and so fails
 * the run, if the comment could not be written.
 */
export function* commentAndReadAgain(
  context: OrchestrationContext,
  input: RunInput,
  report: RunReport,
  place: Place,
  later: LaterReading,
): Step<{ readonly commented: Commented; readonly reread: FetchedIncident | undefined }> {
  const post = isDue(input, report) ? postOf(context, input, report) : undefined;
  const [read, posted] = yield* settled(context, [
    branch(context, "fetchIncident", { incident: input.incident, later }),
    ...(post ? [branch(context, "postComment", post)] : []),
  ]);
  const merge = read?.kind === "done" ? read.value.merge : undefined;
  const here = merge ? movedTo(place, merge) : place;
  const first = here.survivor ? undefined : posted;
  const commented = yield* comment(context, nothingSaid(here), post, first);
  if (read?.kind === "done") return { commented, reread: read.value };
  const unread = read?.reason ?? "The reading ended without an answer.";
  return { commented: { ...commented, unread }, reread: undefined };
}

function* comment(
  context: OrchestrationContext,
  before: Said,
  post: PostCommentInput | undefined,
  first?: Attempt<PostedComment>,
): Step<Commented> {
  if (!post) return { isDue: false, said: before };
  const { posted, ...said } = yield* say(context, before, post, first);
  return { ...posted, isDue: true, said };
}

function postOf(
  context: OrchestrationContext,
  { incident, settings }: RunInput,
  report: RunReport,
): PostCommentInput {
  return {
    incident,
    report,
    detail: settings.commentDetail,
    instanceId: context.df.instanceId,
    dryRun: settings.dryRun,
  };
}

/** Writes the update, if the first comment promised it or would itself be due now; then the tags. */
export function* publishUpdate(
  context: OrchestrationContext,
  input: RunInput,
  report: RunReport,
  { said }: Published,
  isPromised: boolean,
): Step<Published> {
  const wanted = isPromised || isDue(input, report);
  const commented = yield* comment(context, said, wanted ? postOf(context, input, report) : undefined);
  return yield* publishTags(context, input, report, commented);
}

const fullWarning =
  "The incident already has the maximum number of comments, so none was written. The result is in its tags and in this output.";

const unreadWarning =
  "The entities could not be read a second time while the comment was written. They are read again two minutes later.";

/** Logs what was not checked because of a spent quota, a rejected key or a missing permission. */
function logUnchecked(context: OrchestrationContext, { providers, items }: RunReport): void {
  for (const { id } of providers) {
    const causes = items.flatMap(({ lookups: { [id]: lookup } }) =>
      lookup?.kind === "notChecked" ? lookup.cause : [],
    );
    for (const [cause, ...others] of grouped(causes, (same) => same))
      log(context, "Left indicators unchecked", { provider: id, cause, indicators: others.length + 1 });
  }
}

/**
 * A repeated run removes a threat tag only if it knows everything that the previous run knew, including the triage. The
 * first run of a Defender incident removes none: the tag may have come by a merge, with alerts that it has not seen yet.
 */
function ruleFor(
  { part, triage, incident }: RunReport,
  { incomplete }: Summary,
  previous: PreviousRun | undefined,
): TagRule {
  if (part === "update") return "update";
  if (!previous) return incident.fromDefender ? "update" : "replace";
  const lacksTriage = previous.deliveryId !== undefined && triage.kind !== "taken";
  return incomplete || lacksTriage ? "update" : "replace";
}

/** Writes the tags that the report calls for; throws if neither comment nor tags could be written. */
export function* publishTags(
  context: OrchestrationContext,
  input: RunInput,
  report: RunReport,
  { isDue, unread, commentId, comment, said: before }: Commented,
): Step<Published> {
  logUnchecked(context, report);
  const tags = tagsFor(summarize(report));
  const tagged = yield* tagWhereItLives(context, input, report, before);
  const { said } = tagged;
  const warnings = [
    ...(said.isFull ? [fullWarning] : []),
    ...(unread === undefined ? [] : [`${unreadWarning} ${unread}`]),
  ];
  const written = { ...defined({ commentId, comment }), said };
  if (tagged.refusal === undefined) return { ...written, tags, warnings };
  const reason = `The tags could not be written: ${tagged.refusal}`;
  if (!isDue || said.isFull) throw new Error(reason);
  return { ...written, tags: [], warnings: [...warnings, reason] };
}

/** Writes the tags; if the incident turns out to be merged, repeats all comments on the remaining incident. */
function* tagWhereItLives(
  context: OrchestrationContext,
  input: RunInput,
  report: RunReport,
  said: Said,
): Step<{ readonly said: Said; readonly refusal?: string }> {
  const { settings, previous } = input;
  if (settings.dryRun) return { said };
  const { incident, survivor, lost } = said.place;
  const summary = summarize(report);
  const tagged = yield* writeTags(context, {
    incident,
    tags: tagsFor(summary),
    rule: survivor ? "merged" : ruleFor(report, summary, previous),
    ...defined({ before: previous ? previous.tags : report.incident.tags }),
    ...(lost ? { evenMerged: true } : {}),
  });
  if (tagged.kind === "refused") return { said, refusal: tagged.reason };
  if (!isMerge(tagged.value)) return { said };
  const there = yield* sayThere(context, said, tagged.value.merge);
  return yield* tagWhereItLives(context, input, report, there);
}
