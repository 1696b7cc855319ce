import { isBeforeComment, type PreviousRun, type RunInput, type RunOutput, type RunStatus } from "./run";
import type { OrchestrationInstance } from "./task-hub";

/** The run is under way, and will read its entities again: what comes into the incident now is not lost. */
export function willReadAgain({ state, customStatus }: OrchestrationInstance): boolean {
  return state !== "ended" && isBeforeComment((customStatus as Partial<RunStatus> | null)?.stage);
}

/** What the incident's next run is to know; of one that failed or was a dry run, what that one knew. */
export function previousRunOf(instance: OrchestrationInstance | undefined): PreviousRun | undefined {
  const { previous: earlier, settings } = (instance?.input ?? {}) as Partial<RunInput>;
  const output = instance?.succeeded ? (instance.output as RunOutput | null) : undefined;
  // What a dry run has found nobody has been told.
  if (!output || settings?.dryRun) return earlier;
  const { verdict, notChecked, warnings, comment, update, ...previous } = output;
  return { ...previous, commentIds: [...(earlier?.commentIds ?? []), ...previous.commentIds] };
}
