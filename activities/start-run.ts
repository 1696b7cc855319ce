import { randomUUID } from "node:crypto";
import { defined } from "../domain/json";
import {
  type EnrichAgainInput,
  type LaterStart,
  type NextRun,
  type RunTarget,
  startNextRun,
} from "../domain/run/next-run";
import type { Invocation } from "./invocation";

export interface StartRunInput {
  readonly target: RunTarget;
  readonly start: LaterStart;
  /** Instance whose input holds the trigger body, which is not copied into another input. */
  readonly bodyFrom?: string;
}

/** Starts the incident's next run, or says why there is none yet. Throws when the hub cannot be reached. */
export async function startRun(
  { target, start, bodyFrom }: StartRunInput,
  { hub, log }: Invocation,
): Promise<NextRun> {
  const keeper = bodyFrom === undefined ? undefined : await hub.find(bodyFrom);
  const { envelope } = (keeper?.input ?? {}) as Partial<EnrichAgainInput>;
  const mark = { now: Date.now(), startId: randomUUID() };
  const next = await startNextRun(hub, target, { ...start, ...defined({ envelope }) }, mark);
  log("Asked for the next run", { instanceId: target.instanceId, answer: next.kind });
  return next;
}
