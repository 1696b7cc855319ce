import type { Attempt } from "../domain/attempt";

/** What has to succeed. Throws the reason when it has not; `subject` says of what. */
export function doneOrThrow<T>(attempt: Attempt<T>, subject?: string): T {
  if (attempt.kind === "done") return attempt.value;
  throw new Error(subject === undefined ? attempt.reason : `${subject}: ${attempt.reason}`);
}
