import type { OrchestrationContext, Task } from "durable-functions";
import type { FetchedIncident } from "../activities/fetch-incident";
import type { Submitted } from "../activities/submit-alert";
import type { Attempt } from "../domain/attempt";
import type { Indicator } from "../domain/indicator";
import type { RunInput, RunOutput, RunStatus } from "../domain/run";
import type { RunReport } from "../domain/run-report";
import { findingsOf, summarize } from "../domain/summary";
import { branch, call, type Step, settled } from "./call";
import { now, sleepSeconds } from "./clock";
import type { ConsultProviderOutput } from "./consult-provider";
import { log } from "./log";
import { persist } from "./persist";
import { type Published, publish } from "./publish";
import {
  closed,
  consultShare,
  isOpen,
  type Phase,
  planShares,
  progressOf,
  type Share,
  toProviderShare,
  withResults,
} from "./shares";
import { type Submission, submissionOf, triageInTime } from "./triage-in-time";

/** One incident, from its entities to its comment and tags. */
export function* enrichIncident(context: OrchestrationContext): Step<RunOutput> {
  const input = context.df.getInput<RunInput>() as RunInput;
  setStatus(context, "readingEntities", []);
  const { incident, indicators, leftOut, hasMail } = yield* fetchWithEntities(context, input);
  if (incident.mergedInto !== undefined) return mergedOutput(input, incident.mergedInto);

  const knownAt = now(context);
  const commentAt = knownAt + input.settings.firstCommentSeconds * 1000;
  const deadline = knownAt + input.settings.deadlineSeconds * 1000;
  const planned = planShares(input.settings.providers, indicators);
  setStatus(context, "lookingUp", planned);
  const lookingUp: Phase = {
    phase: 1,
    urgent: incident.severity === "High",
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
  const published = [yield* publish(context, input, first)];
  if (!shares.some(isOpen)) {
    setStatus(context, "done", shares, deliveryId);
    return outputOf(first, submission, published);
  }

  setStatus(context, "completing", shares, deliveryId);
  const later = yield* consultShares(context, input, indicators, shares, {
    ...lookingUp,
    phase: 2,
    deadline,
  });
  const last = later.shares.map(closed);
  const update: RunReport = {
    ...first,
    part: "update",
    providers: last.map(toProviderShare),
    before: first.providers,
    at: now(context),
  };
  published.push(yield* publish(context, input, update));
  setStatus(context, "done", last, deliveryId);
  return outputOf(update, submission, published);
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

/** A new incident may not be readable yet, and a new role assignment not be known everywhere. */
const refusalWaitsSeconds = [10, 30];

/** Entities are often late: they are read again, as configured, while there are none. */
function* fetchWithEntities(
  context: OrchestrationContext,
  { incident, settings }: RunInput,
): Step<FetchedIncident> {
  const waits = { refused: [...refusalWaitsSeconds], done: [...settings.entityRetrySeconds] };
  for (;;) {
    const fetched = yield* persist(context, () => call(context, "fetchIncident", { incident }));
    const isComplete =
      fetched.kind === "done" &&
      (fetched.value.entities > 0 || fetched.value.incident.mergedInto !== undefined);
    const wait = isComplete ? undefined : waits[fetched.kind].shift();
    if (wait !== undefined) yield* sleepSeconds(context, wait);
    else if (fetched.kind === "done") return fetched.value;
    else throw new Error(`The incident could not be read: ${fetched.reason}`);
  }
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
  if (attempt && attempt.kind !== "again") return { shares, submission: attempt };
  const submission = yield* persist(context, () => call(context, "submitAlert", alert), phase.deadline);
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

function outputOf(report: RunReport, submission: Submission, published: readonly Published[]): RunOutput {
  const summary = summarize(report);
  const alertId = submission?.kind === "done" ? submission.value.alertId : undefined;
  const comment = published.map((part) => part.comment).find((html) => html !== undefined);
  return {
    run: report.run,
    verdict: summary.verdict,
    ...summary.counts,
    commentIds: published.flatMap(({ commentId }) => commentId ?? []),
    tags: published.at(-1)?.tags ?? [],
    ...(alertId === undefined ? {} : { alertId }),
    ...(report.triage.kind === "taken" ? { deliveryId: report.triage.deliveryId } : {}),
    findings: findingsOf(summary),
    warnings: published.flatMap(({ warnings }) => warnings),
    ...(comment === undefined ? {} : { comment }),
  };
}

function mergedOutput({ run }: RunInput, target: number): RunOutput {
  return {
    run,
    verdict: "unknown",
    indicators: 0,
    malicious: 0,
    suspicious: 0,
    unknown: 0,
    clean: 0,
    notChecked: 0,
    commentIds: [],
    tags: [],
    findings: [],
    warnings: [
      `The incident was closed and merged into incident ${target}: nothing was looked up or written.`,
    ],
  };
}
