import { isBeforeComment, type PreviousRun, type RunInput, type RunOutput, type RunStatus } from "./run";
import type { OrchestrationInstance } from "./task-hub";

/** The run is under way, and will read its entities again: what comes into the incident now is not lost. */
export function willReadAgain({ state, customStatus }: OrchestrationInstance): boolean {
  return state !== "ended" && isBeforeComment((customStatus as Partial<RunStatus> | null)?.stage);
}

/** What the incident's next run is to know; of a run that failed, what that one knew. */
export function previousRunOf(instance: OrchestrationInstance | undefined): PreviousRun | undefined {
  const earlier = (instance?.input as Partial<RunInput> | null | undefined)?.previous;
  const output = instance?.succeeded ? (instance.output as RunOutput | null) : undefined;
  if (!output) return earlier;
  const { verdict, notChecked, warnings, comment, ...previous } = output;
  return { ...previous, commentIds: [...(earlier?.commentIds ?? []), ...previous.commentIds] };
}
