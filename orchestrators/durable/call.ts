import { type OrchestrationContext, RetryOptions, type Task } from "durable-functions";
import type { Activities } from "../../activities/index";

type Input<Name extends keyof Activities> = Parameters<Activities[Name]>[0];
type Output<Name extends keyof Activities> = Awaited<ReturnType<Activities[Name]>>;

/** A step of an orchestrator: yields tasks, ends with a value. */
// biome-ignore lint/suspicious/noExplicitAny: the SDK passes each task's result back untyped.
export type Step<T> = Generator<Task, T, any>;

/** A task of a fan-out, with the type of its result, which only the compiler sees. */
export type Branch<T> = Task & { readonly resultType?: T };

/** For what an activity cannot return as data: the worker ran out of memory or time. */
const retryOptions = new RetryOptions(5_000, 3);

/** Calls one activity and waits for it; to be yielded alone (`yield* call(...)`). */
export function* call<Name extends keyof Activities>(
  context: OrchestrationContext,
  name: Name,
  input: Input<Name>,
): Step<Output<Name>> {
  return yield context.df.callActivityWithRetry(name, retryOptions, input);
}

/** An activity as one branch of a fan-out: never retried, since a retry's ids would not match the extension's. */
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
 * The results of branches side by side, in their order. A branch whose worker died more often than the host repeats it
 * has none; the others keep theirs: the SDK continues at the first failure, but the runtime only when all branches have
 * ended, so that one timer later all of them are here.
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
 * Runs steps while a task goes on beside them, for which they do not wait. A task starts when it is first yielded, not
 * when it is made: so it is yielded together with the first task of the steps. That one is then yielded once more, which
 * schedules nothing. It must not be one with retries: the extension would number those in another order than the SDK.
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
 * One line for operators: a fixed sentence and fields; written once, not again in every replay. A field `cause` that is
 * `key` raises an alert of the deployment (infra/modules/alerts.bicep); sentences that begin with "Left" are in the
 * workbook, by their causes (infra/workbook/queries/left-undone.kql).
 */
export function log(
  context: OrchestrationContext,
  sentence: string,
  fields: Readonly<Record<string, unknown>>,
): void {
  if (!context.df.isReplaying) context.log(sentence, { instanceId: context.df.instanceId, ...fields });
}
