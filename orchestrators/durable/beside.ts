import type { OrchestrationContext, Task } from "durable-functions";
import type { Step } from "./call";

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
