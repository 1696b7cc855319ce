import type { OrchestrationContext, Task } from "durable-functions";
import type { Step } from "./call";

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
