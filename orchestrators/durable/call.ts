import { type OrchestrationContext, RetryOptions, type Task } from "durable-functions";
import type { Activities } from "../../activities/index";

type Input<Name extends keyof Activities> = Parameters<Activities[Name]>[0];
type Output<Name extends keyof Activities> = Awaited<ReturnType<Activities[Name]>>;

/** A step of an orchestrator: yields tasks, returns a value. */
// biome-ignore lint/suspicious/noExplicitAny: the SDK passes each task's result back untyped.
export type Step<T> = Generator<Task, T, any>;

/** A task of a fan-out, with the type of its result for the compiler. */
export type Branch<T> = Task & { readonly resultType?: T };

/** For failures that an activity cannot return as data: the worker ran out of memory or time. */
const retryOptions = new RetryOptions(5_000, 3);

/** Calls one activity and waits for it; must be yielded alone (`yield* call(...)`). */
export function* call<Name extends keyof Activities>(
  context: OrchestrationContext,
  name: Name,
  input: Input<Name>,
): Step<Output<Name>> {
  return yield context.df.callActivityWithRetry(name, retryOptions, input);
}

/** An activity as one branch of a fan-out: never retried, since the ids of retries would not match the extension's. */
export function branch<Name extends keyof Activities>(
  context: OrchestrationContext,
  name: Name,
  input: Input<Name>,
): Branch<Output<Name>> {
  return context.df.callActivity(name, input);
}

/** A child orchestration as one branch of a fan-out. */
export function child<Output>(
  context: OrchestrationContext,
  name: string,
  input: object,
  instanceId: string,
): Branch<Output> {
  return context.df.callSubOrchestrator(name, input, instanceId);
}

type Results<Branches extends readonly Branch<unknown>[]> = {
  readonly [I in keyof Branches]: Branches[I] extends Branch<infer Result> ? Result | undefined : never;
};

/**
 * The results of parallel branches, in their order. A branch whose worker died more often than the host repeats it has no
 * result; the others keep theirs. The SDK continues at the first failure, but the runtime only when all branches have
 * ended, so all results are available one timer later.
 */
export function* settled<const Branches extends readonly Branch<unknown>[]>(
  context: OrchestrationContext,
  branches: Branches,
): Step<Results<Branches>> {
  if (branches.length === 0) return [] as unknown as Results<Branches>;
  try {
    return yield context.df.Task.all([...branches]);
  } catch {
    yield context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + afterFailureMs));
    return branches.map((task) => (task.isFaulted ? undefined : task.result)) as unknown as Results<Branches>;
  }
}

const afterFailureMs = 1_500;

/**
 * Runs steps while a task runs in parallel, without waiting for it. A task starts when it is first yielded, not when it is
 * created, so it is yielded together with the first task of the steps. That task is then yielded again, which schedules
 * nothing. It must not be a task with retries: the extension would number those in another order than the SDK.
 */
export function* beside<T>(context: OrchestrationContext, task: Task, steps: Step<T>): Step<T> {
  let step = steps.next();
  if (!step.done) yield context.df.Task.any([step.value, task]);
  while (!step.done) {
    try {
      step = steps.next(yield step.value);
    } catch (error) {
      step = steps.throw(error);
    }
  }
  return step.value;
}

/**
 * Logs one line for operators: a fixed sentence and fields; only once, not again in every replay. A field `cause` with the
 * value `key` raises an alert (infra/modules/alerts.bicep); the workbook shows sentences that begin with "Left", by cause
 * (infra/workbook/queries/left-undone.kql).
 */
export function log(
  context: OrchestrationContext,
  sentence: string,
  fields: Readonly<Record<string, unknown>>,
): void {
  if (!context.df.isReplaying) context.log(sentence, { instanceId: context.df.instanceId, ...fields });
}
