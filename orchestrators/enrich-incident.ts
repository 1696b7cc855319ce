import type { OrchestrationContext, Task } from "durable-functions";
import type { FetchedAgain } from "../activities/fetch-again";
import type { Submitted } from "../activities/submit-alert";
import type { Attempt } from "../domain/attempt";
import { type Indicator, indicatorKey } from "../domain/indicators/indicator";
import type { RunReport } from "../domain/report/report";
import { summarize } from "../domain/report/summary";
import { changesSince } from "../domain/run/changes";
import type { RunInput, RunOutput, RunStatus } from "../domain/run/run";
import { branch, call, type Step, settled } from "./durable/call";
import { now } from "./durable/clock";
import { log } from "./durable/log";
import { type Persisted, persist } from "./durable/persist";
import { fetchWithEntities } from "./steps/fetch-with-entities";
import { commentAndReadAgain, publishTags, publishUpdate } from "./steps/publish";
import { mergedOutput, outputOf } from "./steps/run-output";
import type { ConsultProviderOutput } from "./steps/shares";
import {
  closed,
  consultShare,
  extended,
  isOpen,
  type Phase,
  planShares,
  progressOf,
  type Share,
  toProviderShare,
  withResults,
} from "./steps/shares";
import { type Submission, submissionOf, triageInTime } from "./steps/triage-in-time";

/** One incident, from its entities to its comment and tags. */
export function* enrichIncident(context: OrchestrationContext): Step<RunOutput> {
  const input = context.df.getInput<RunInput>() as RunInput;
  setStatus(context, "readingEntities", []);
  const fetched = yield* fetchWithEntities(context, input);
  const { incident, indicators, leftOut, hasMail, isThrottled } = fetched;
  if (incident.mergedInto !== undefined) return mergedOutput(input, incident.mergedInto);

  const knownAt = now(context);
  const commentAt = knownAt + input.settings.firstCommentSeconds * 1000;
  const deadline = knownAt + input.settings.deadlineSeconds * 1000;
  const planned = planShares(input.settings.providers, indicators);
  setStatus(context, "lookingUp", planned);
  const lookingUp: Phase = {
    phase: 1,
    urgent: incident.isUrgent,
    deadline: commentAt,
    until: deadline,
  };
  const { shares, submission } = yield* lookUpAndSubmit(context, input, indicators, planned, lookingUp);

  setStatus(context, "waitingForIntezer", shares);
  const triage = yield* triageInTime(context, input, submission, commentAt);
  const deliveryId = triage.kind === "taken" ? triage.deliveryId : undefined;
  const first: RunReport = {
    run: input.run,
    part: "first",
    incident,
    indicators,
    leftOut,
    hasMail,
    providers: shares.map(toProviderShare),
    triage,
    at: now(context),
    incidentSubmitted: submission?.kind === "done",
  };
  setStatus(context, "commenting", shares, deliveryId);
  const { commented, again } = yield* commentAndReadAgain(context, input, withChanges(input, first), {
    incident: input.incident,
    sparingly: isThrottled,
    ...(incident.etag === undefined ? {} : { etag: incident.etag }),
  });
  const known = withAdded(first, shares, again);
  const published = [yield* publishTags(context, input, known.report, commented)];
  if (!known.report.added && !known.shares.some(isOpen)) {
    setStatus(context, "done", shares, deliveryId);
    return outputOf(first, submission, published);
  }

  setStatus(context, "completing", known.shares, deliveryId);
  const later = yield* consultShares(context, input, known.report.indicators, known.shares, {
    ...lookingUp,
    phase: 2,
    deadline,
  });
  const last = later.shares.map(closed);
  const update: RunReport = {
    ...known.report,
    part: "update",
    providers: last.map(toProviderShare),
    before: known.report.providers,
    at: now(context),
  };
  const isPromised = commented.commentId !== undefined || commented.comment !== undefined;
  const news = isPromised ? update : withChanges(input, update);
  published.push(yield* publishUpdate(context, input, news, isPromised));
  setStatus(context, "done", last, deliveryId);
  return outputOf(update, submission, published);
}

/** In a run again: what differs from the one before. Its update does not tell the triage. */
function withChanges({ previous }: RunInput, report: RunReport): RunReport {
  if (!previous) return report;
  const compared = report.part === "first" ? report : { ...report, triage: { kind: "none" } as const };
  const changes = changesSince(previous, compared, summarize(report));
  return changes ? { ...report, changes } : report;
}

/** What has come into the incident since its entities were read first, still to be looked up. */
function withAdded(
  report: RunReport,
  shares: readonly Share[],
  again: Persisted<FetchedAgain | "unchanged">,
): { report: RunReport; shares: readonly Share[] } {
  const keys = new Set(report.indicators.map(indicatorKey));
  const read = again.kind === "done" && again.value !== "unchanged" ? again.value : undefined;
  const added = read?.indicators.filter((indicator) => !keys.has(indicatorKey(indicator))) ?? [];
  if (!read || added.length === 0) return { report, shares };
  const indicators = [...report.indicators, ...added];
  const all = extended(shares, indicators);
  const hasMail = report.hasMail || read.hasMail;
  const providers = all.map(toProviderShare);
  return { report: { ...report, indicators, providers, hasMail, added: added.length }, shares: all };
}

function setStatus(
  context: OrchestrationContext,
  stage: RunStatus["stage"],
  shares: readonly Share[],
  deliveryId?: string,
): void {
  const status: RunStatus = {
    stage,
    ...progressOf(shares),
    ...(deliveryId === undefined ? {} : { deliveryId }),
  };
  context.df.setCustomStatus(status);
  log(context, "Reached a stage", { ...status });
}

/** Asks all providers side by side until the first comment is due, and submits the incident beside them. */
function* lookUpAndSubmit(
  context: OrchestrationContext,
  input: RunInput,
  indicators: readonly Indicator[],
  planned: readonly Share[],
  phase: Phase,
): Step<{ shares: readonly Share[]; submission: Submission }> {
  const alert = submissionOf(input, phase.until);
  if (alert === undefined) {
    const { shares } = yield* consultShares(context, input, indicators, planned, phase);
    return { shares, submission: undefined };
  }
  const { shares, beside } = yield* consultShares(context, input, indicators, planned, phase, [
    branch(context, "submitAlert", alert),
  ]);
  const attempt = beside[0] as Attempt<Submitted> | undefined;
  const again = () => call(context, "submitAlert", alert);
  const submission = yield* persist(context, again, phase.deadline, attempt);
  return { shares, submission };
}

/** One child for each share that has something open, with other branches beside them. */
function* consultShares(
  context: OrchestrationContext,
  { incident, run, settings }: RunInput,
  indicators: readonly Indicator[],
  shares: readonly Share[],
  phase: Phase,
  beside: readonly Task[] = [],
): Step<{ shares: readonly Share[]; beside: readonly unknown[] }> {
  const open = shares.filter(isOpen);
  const children = open.map((share) =>
    consultShare(context, share, indicators, { incident, run, detail: settings.commentDetail, ...phase }),
  );
  const results = yield* settled(context, [...children, ...beside]);
  const outputs = new Map(open.map((share, i) => [share, results[i] as ConsultProviderOutput | undefined]));
  return {
    shares: shares.map((share) => {
      const output = outputs.get(share);
      return output ? withResults(share, output) : share;
    }),
    beside: results.slice(open.length),
  };
}
