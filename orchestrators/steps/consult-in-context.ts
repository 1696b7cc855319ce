import type { OrchestrationContext, Task, TimerTask } from "durable-functions";
import type { Indicator } from "../../domain/indicators/indicator";
import {
  type ContextGap,
  type ContextReading,
  type ContextRequest,
  mergedContext,
  partsFor,
  type RunContext,
  withoutContext,
} from "../../domain/report/context";
import type { ReportItem } from "../../domain/report/report";
import type { RunInput } from "../../domain/run/run";
import { type Branch, beside, branch, type Step, settled } from "../durable/call";
import { now, shortestTimerMs, sleepSeconds, timerUntil } from "../durable/timers";
import { longestContextReading } from "../waits";
import { consultChildren, consultProviders, openWork, type Phase, withOutputs } from "./consult-providers";
import { type Submission, submitBranch } from "./triage-in-time";

export interface LookedUp {
  readonly items: readonly ReportItem[];
  readonly submission: Submission;
  readonly context?: RunContext;
}

/** Looks up the indicators and, if that is switched on, searches the workspace's logs for them at the same time. */
export function* consultInContext(
  context: OrchestrationContext,
  input: RunInput,
  indicators: readonly Indicator[],
  items: readonly ReportItem[],
  phase: Phase,
): Step<LookedUp> {
  const lookups = lookUpAndSubmit(context, input, items, phase);
  const underWay = contextUnderWay(context, input, indicators, phase.deadline);
  if (!underWay) return yield* lookups;
  const found = yield* beside(context, underWay.either, lookups);
  return { ...found, context: yield* contextInTime(context, underWay, phase.deadline) };
}

/** Looks up the items until the first comment is due and, if that is switched on, submits the incident at the same time. */
function* lookUpAndSubmit(
  context: OrchestrationContext,
  input: RunInput,
  items: readonly ReportItem[],
  phase: Phase,
): Step<{ readonly items: readonly ReportItem[]; readonly submission: Submission }> {
  const { settings, envelope } = input;
  if (settings.alerts !== "submit" || envelope === undefined)
    return { items: yield* consultProviders(context, settings, items, phase), submission: undefined };

  const work = openWork(settings.providers, items, settings.commentDetail);
  const [submission = died, ...outputs] = yield* settled(context, [
    submitBranch(context, input, phase),
    ...consultChildren(context, work, phase),
  ]);
  return { items: withOutputs(items, work, outputs), submission };
}

const died: Submission = { kind: "refused", reason: "the submission ended with an internal error" };

/** A search of the workspace's logs that runs in parallel, for a limited time. */
interface ContextUnderWay {
  readonly request: ContextRequest;
  readonly waitSeconds: number;
  readonly reading: Branch<ContextReading>;
  readonly timer: TimerTask;
  /** Ends with the first of the two. Both start when it is yielded. */
  readonly either: Task;
}

/** `until`: when the first comment is due, epoch milliseconds. `undefined` if the logs are not searched. */
function contextUnderWay(
  context: OrchestrationContext,
  { incident, settings: { sightings } }: RunInput,
  indicators: readonly Indicator[],
  until: number,
): ContextUnderWay | undefined {
  const parts = partsFor(indicators);
  if (!sightings || parts.length === 0) return undefined;
  const { days, waitSeconds } = sightings;
  const asked = indicators.map(({ names: _names, safeLink: _link, fragment: _fragment, ...each }) => each);
  const waitMs = Math.min(waitSeconds * 1000, until - now(context));
  const request = { incident, indicators: asked, parts, days, timeoutMs: timeoutWithin(waitMs) };
  return { ...begun(context, request, now(context) + waitMs), waitSeconds };
}

/** Leaves time for the answer to arrive: otherwise partial results would be lost too. */
function timeoutWithin(waitMs: number): number {
  return Math.min(Math.max(waitMs - 2_000, waitMs / 2), longestContextReading * 1000);
}

type Begun = Omit<ContextUnderWay, "waitSeconds">;

function begun(context: OrchestrationContext, request: ContextRequest, until: number): Begun {
  const reading = branch(context, "readContext", request);
  const timer = timerUntil(context, until);
  return { request, reading, timer, either: context.df.Task.any([reading, timer]) };
}

/**
 * The context, as far as it arrives in time. To be called after the lookups, from whose end the time for a second try
 * counts. Parts that Log Analytics refused for now are queried again if there is time.
 */
function* contextInTime(
  context: OrchestrationContext,
  first: ContextUnderWay,
  commentAt: number,
): Step<RunContext> {
  const until = Math.min(now(context) + first.waitSeconds * 1000, commentAt);
  const { context: known, retry } = yield* ended(first);
  if (!retry || now(context) + retry.afterSeconds * 1000 + shortestTimerMs > until) return known;
  yield* sleepSeconds(context, retry.afterSeconds);
  const timeoutMs = timeoutWithin(until - now(context));
  const second = yield* ended(begun(context, { ...first.request, parts: retry.parts, timeoutMs }, until));
  return mergedContext(known, second.context, retry.parts);
}

function* ended({ request, reading, timer, either }: Begun): Step<ContextReading> {
  // Yielding a task that ended in an earlier turn would make the SDK treat the rest as a replay, which is not logged.
  if (!either.isCompleted) yield either;
  if (!timer.isCompleted) timer.cancel();
  if (reading.isCompleted) return reading.result as ContextReading;
  const gap: Omit<ContextGap, "part"> = reading.isFaulted
    ? { kind: "failed", reason: "the query ended with an internal error, see the app's log" }
    : { kind: "late" };
  return { context: withoutContext(request, gap) };
}
