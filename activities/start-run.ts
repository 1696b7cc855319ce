import { randomUUID } from "node:crypto";
import { type LaterStart, type NextRun, type RunTarget, startNextRun } from "../domain/run/next-run";
import type { Invocation } from "./invocation";

export interface StartRunInput {
  readonly target: RunTarget;
  readonly start: LaterStart;
}

/** Starts the incident's next run, or returns why it does not start yet. Throws if the hub cannot be reached. */
export async function startRun({ target, start }: StartRunInput, { hub, log }: Invocation): Promise<NextRun> {
  const next = await startNextRun(hub, target, start, { now: Date.now(), startId: randomUUID() });
  log("Requested the next run", { instanceId: target.instanceId, answer: next.kind });
  return next;
}
