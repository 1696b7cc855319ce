import { type OrchestrationContext, RetryOptions, type Task } from "durable-functions";
import type { Activities } from "../../activities/index";

type Input<Name extends keyof Activities> = Parameters<Activities[Name]>[0];
type Output<Name extends keyof Activities> = Awaited<ReturnType<Activities[Name]>>;

/** A step of an orchestrator: yields tasks, ends with a value. */
// biome-ignore lint/suspicious/noExplicitAny: the SDK passes each task's result back untyped.
export type Step<T> = Generator<Task, T, any>;

/** For what an activity cannot tell as data: the worker ran out of memory or time. */
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
): Task {
  return context.df.callActivity(name, input);
}

/**
 * The results of branches side by side. A branch whose worker died more often than the host repeats it has none; the
 * others keep theirs: the SDK goes on at the first failure, but the runtime only when all branches have ended, so that
 * one timer later all of them are here.
 */
export function* settled(context: OrchestrationContext, branches: readonly Task[]): Step<readonly unknown[]> {
  if (branches.length === 0) return [];
  try {
    return yield context.df.Task.all([...branches]);
  } catch {
    yield context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + afterFailureMs));
    return branches.map((task) => (task.isFaulted ? undefined : task.result));
  }
}

const afterFailureMs = 1_500;
