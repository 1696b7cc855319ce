import { type OrchestrationContext, RetryOptions, type Task } from "durable-functions";
import type { Activities } from "../activities/index";

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
