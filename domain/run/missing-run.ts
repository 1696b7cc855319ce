import type { ListedIncident } from "../incident/incident-list";
import { isEnriched, isIncomplete, verdictOfTags, verdictsOfTags } from "../report/tags";
import { hourMs } from "../time";
import { isBad, worstOf } from "../verdict";
import type { LastRun } from "./last-run";
import type { CommentWhen, ReconcileMode } from "./settings";

/** A run that an incident should have and has not. */
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
  /** As in the body of a trigger: an `Update` is no duplicate of a run that has just ended. */
  readonly eventType: "Create" | "Update";
  /** Numbers of incidents that were merged into it of late. */
  readonly mergedFrom?: readonly number[];
  /** Only a reading of its entities shows whether there is something to look up by now. */
  readonly needsIndicator?: true;
  /** The incident has not changed since its run: entities that come late do not always show in it. */
  readonly isGuess?: true;
  /** Only a reading of its comments shows whether one of ours is among them. */
  readonly needsNoComment?: true;
}

export interface MissingRunRules {
  /** `known`: incidents that a run has tagged, or that the task hub has a run of. `all`: also open ones without our tag. */
  readonly mode: Exclude<ReconcileMode, "off">;
  /** Of incidents that were never enriched. */
  readonly severities: readonly string[];
  readonly commentWhen: CommentWhen;
  /** Epoch milliseconds. */
  readonly now: number;
  /** What has not changed since has been looked at: nothing scarce is read for it. Epoch milliseconds. */
  readonly changedAfter: number;
  /** Any comment counts as ours: none is read. */
  readonly trustsComments: boolean;
  /** GUIDs of incidents that were merged into others: what was moved to them has to move on. */
  readonly merged: ReadonlySet<string>;
  /** An incident this young may still get its run from an automation rule, milliseconds. */
  readonly triggerMs: number;
}

/** For so long after a run without indicators, entities are expected. */
const lateEntitiesMs = hourMs;

/** A run's last writes change the incident; the task hub knows the run's end to the second. */
const ownWritesMs = 5_000;

/** Runs that reconciliation starts in a row on an incident with the same alerts: more would not help. */
const mostTries = 3;

/**
 * The run that an incident should have and has not. `lastRun`: absent where the task hub has none, since runs are
 * forgotten after HISTORY_RETENTION_DAYS.
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
 * Its run starts that of the incident that took over and has its triage reported there. That one shows by itself that alerts
 * were added to it, or that it has a threat's tag; what else was still to come or to say stays behind.
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

/** That its own tags and comment are gone is no reason: people delete them as well. */
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

/** Its tags say more than its run, and no comment says why: they came with a merge. */
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

/** The tag came with a merge, or the run is forgotten. */
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

/** Without most of the guesses: only so many are left in, other ones each time while there are more. */
export function withFewGuesses(
  missing: readonly MissingRun[],
  { most, turn }: { readonly most: number; readonly turn: number },
): readonly MissingRun[] {
  const guesses = missing.filter(({ isGuess }) => isGuess);
  const from = guesses.length > 0 ? (turn * most) % guesses.length : 0;
  const chosen = [...guesses, ...guesses].slice(from, from + Math.min(most, guesses.length));
  return missing.filter((each) => !each.isGuess || chosen.includes(each));
}

/** In which runs are started: worst severity first, then the oldest incident first. */
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
