import type { ListedIncident } from "../incident/incident-store";
import { isEnriched, isIncomplete, verdictOfTags, verdictsOfTags } from "../report/tags";
import { hourMs } from "../time";
import { isBad, worstOf } from "../verdict";
import type { CommentWhen, ReconcileMode } from "./settings";
import type { LastRun } from "./task-hub";

/** A run that an incident should have but does not have. */
export interface MissingRun {
  readonly incident: ListedIncident;
  /** For the log. */
  readonly cause:
    | "not enriched"
    | "no comment"
    | "run failed"
    | "alerts were added"
    | "merged since its run"
    | "tags came by a merge"
    | "no indicator was there yet";
  /** As in a trigger body: an `Update` is not a duplicate of a run that has just ended. */
  readonly eventType: "Create" | "Update";
  /** Numbers of incidents that were recently merged into it. */
  readonly mergedFrom?: readonly number[];
  /** The entities have to be read to see whether there is something to look up now. */
  readonly needsIndicator?: true;
  /** The incident has not changed since its run; late entities do not always change it. */
  readonly isGuess?: true;
  /** The comments have to be read to see whether one of them is ours. */
  readonly needsNoComment?: true;
}

export interface MissingRunRules {
  /**
   * `known`: incidents that a run has tagged, or for which the task hub has a run. `all`: also open ones without our
   * tag.
   */
  readonly mode: Exclude<ReconcileMode, "off">;
  /** Severities of incidents that were never enriched. */
  readonly severities: readonly string[];
  readonly commentWhen: CommentWhen;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Incidents that have not changed since were examined before: no scarce reads for them. Epoch milliseconds. */
  readonly changedAfter: number;
  /** Treat any comment as ours, without reading it. */
  readonly trustsComments: boolean;
  /** GUIDs of incidents that were merged into others: what had been moved to them has to move on. */
  readonly merged: ReadonlySet<string>;
  /** An incident this young may still get its run from an automation rule, milliseconds. */
  readonly triggerMs: number;
}

/** How long after a run without indicators entities are still expected. */
const lateEntitiesMs = hourMs;

/** Tolerance for the run's own last writes, which change the incident; the task hub knows the run's end to the second. */
const ownWritesMs = 5_000;

/** Maximum number of runs that reconciliation starts in a row for an incident with the same alerts: more would not help. */
const mostTries = 3;

/**
 * The run that an incident should have but does not have, if any. `lastRun` is absent if the task hub has none; runs are
 * purged after HISTORY_RETENTION_DAYS.
 */
export function missingRunOf(
  incident: ListedIncident,
  lastRun: LastRun | undefined,
  rules: MissingRunRules,
): MissingRun | undefined {
  if (incident.mergedInto !== undefined) return lastRun && afterMerge(incident, lastRun, rules);
  if (incident.status.toLowerCase() === "closed") return undefined;
  if (lastRun) return isTriedEnough(incident, lastRun) ? undefined : afterRun(incident, lastRun, rules);
  return isEnriched(incident.tags) ? afterForgottenRun(incident, rules) : firstRun(incident, rules);
}

/**
 * Its run starts that of the remaining incident and has its triage reported there. The remaining incident itself shows
 * that alerts were added to it, or that it has a threat tag; everything else that was still open stays behind.
 */
function afterMerge(
  incident: ListedIncident,
  { state, endedAt, indicators, hasTriage, mergedInto }: LastRun,
  { merged, now }: MissingRunRules,
): MissingRun | undefined {
  const isBehind = mergedInto === undefined || merged.has(mergedInto);
  const awaitsEntities = indicators === 0 && now - endedAt < lateEntitiesMs;
  const isLeft = state === "failed" || (state === "succeeded" && (hasTriage || awaitsEntities));
  return isBehind && isLeft ? { incident, cause: "merged since its run", eventType: "Update" } : undefined;
}

function isTriedEnough({ alertsCount = 0 }: ListedIncident, { reconciled }: LastRun): boolean {
  return reconciled !== undefined && reconciled.alerts >= alertsCount && reconciled.tries >= mostTries;
}

/** Missing tags or comments are no reason for a run: people delete them as well. */
function afterRun(
  incident: ListedIncident,
  lastRun: LastRun,
  { now }: MissingRunRules,
): MissingRun | undefined {
  const { state, alerts, indicators, endedAt } = lastRun;
  if (state === "failed") return { incident, cause: "run failed", eventType: "Create" };
  if (state !== "succeeded") return undefined;
  if (alerts !== undefined && (incident.alertsCount ?? 0) > alerts)
    return { incident, cause: "alerts were added", eventType: "Update" };
  if (hasThreatOfAnother(incident, lastRun)) return { incident, cause: "no comment", eventType: "Update" };
  if (hasTagsOfAnother(incident, lastRun))
    return { incident, cause: "tags came by a merge", eventType: "Update" };
  if (indicators > 0 || now - endedAt >= lateEntitiesMs) return undefined;
  return {
    incident,
    cause: "no indicator was there yet",
    eventType: "Update",
    needsIndicator: true,
    ...(incident.changedAt <= endedAt + ownWritesMs ? { isGuess: true } : {}),
  };
}

/** Its tags show a worse verdict than its run, without a comment that says why: they came with a merge. */
function hasThreatOfAnother(
  { tags, commentsCount }: ListedIncident,
  { verdict, isCommented }: LastRun,
): boolean {
  const tagged = verdictOfTags(tags);
  if (isCommented || commentsCount > 0 || tagged === undefined || verdict === undefined) return false;
  return isBad(tagged) && tagged !== verdict && worstOf([tagged, verdict]) === tagged;
}

/** They came after its run, which would not have left them. */
function hasTagsOfAnother({ tags }: ListedIncident, lastRun: LastRun): boolean {
  return verdictsOfTags(tags).length > 1 || (isIncomplete(tags) && !lastRun.isIncomplete);
}

/** The tag came with a merge, or the run was purged. */
function afterForgottenRun(incident: ListedIncident, rules: MissingRunRules): MissingRun | undefined {
  const due = commentDueBy(incident.tags, rules.commentWhen);
  const isCommented = incident.commentsCount > 0;
  if (due === "never" || (isCommented && rules.trustsComments)) return undefined;
  const needsReading = isCommented || due === "withIndicators";
  if (needsReading && incident.changedAt <= rules.changedAfter) return undefined;
  return {
    incident,
    cause: "no comment",
    eventType: "Create",
    ...(due === "withIndicators" ? { needsIndicator: true } : {}),
    ...(isCommented ? { needsNoComment: true } : {}),
  };
}

/** Whether a run that set these tags should have written a comment. */
function commentDueBy(tags: readonly string[], when: CommentWhen): "always" | "withIndicators" | "never" {
  const verdict = verdictOfTags(tags);
  if (when === "always" || (verdict && isBad(verdict))) return "always";
  if (when === "findings") return "never";
  return verdict === "clean" ? "always" : "withIndicators";
}

function firstRun(
  incident: ListedIncident,
  { mode, severities, now, triggerMs }: MissingRunRules,
): MissingRun | undefined {
  const isDue =
    mode === "all" && severities.includes(incident.severity) && now - incident.createdAt >= triggerMs;
  return isDue ? { incident, cause: "not enriched", eventType: "Create" } : undefined;
}

/** Keeps only a limited number of guesses, and different ones in each turn. */
export function withFewGuesses(
  missing: readonly MissingRun[],
  { most, turn }: { readonly most: number; readonly turn: number },
): readonly MissingRun[] {
  const guesses = missing.filter(({ isGuess }) => isGuess);
  const from = guesses.length > 0 ? (turn * most) % guesses.length : 0;
  const chosen = [...guesses, ...guesses].slice(from, from + Math.min(most, guesses.length));
  return missing.filter((each) => !each.isGuess || chosen.includes(each));
}

/** The order in which runs are started: worst severity first, then the oldest incident first. */
export function mostUrgentFirst(missing: readonly MissingRun[]): readonly MissingRun[] {
  return missing.toSorted(
    ({ incident: a }, { incident: b }) =>
      severityRank(a.severity) - severityRank(b.severity) || a.createdAt - b.createdAt,
  );
}

/** Severities of Sentinel, worst first. */
export const severities: readonly string[] = ["High", "Medium", "Low", "Informational"];

function severityRank(severity: string): number {
  const rank = severities.indexOf(severity);
  return rank < 0 ? severities.length : rank;
}
