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

interface StartRunInput {
  readonly target: RunTarget;
  readonly start: LaterStart;
  /** The instance whose input has the trigger body, so that the body is not copied into another input. */
  readonly bodyFrom?: string;
}

/** Starts the incident's next run, or returns why it does not start yet. Throws if the hub cannot be reached. */
export async function startRun(
  { target, start, bodyFrom }: StartRunInput,
  { hub, log }: Invocation,
): Promise<NextRun> {
  const keeper = bodyFrom === undefined ? undefined : await hub.find(bodyFrom);
  const { envelope } = (keeper?.input ?? {}) as Partial<EnrichAgainInput>;
  const mark = { now: Date.now(), startId: randomUUID() };
  const next = await startNextRun(hub, target, { ...start, ...defined({ envelope }) }, mark);
  log("Requested the next run", { instanceId: target.instanceId, answer: next.kind });
  return next;
}

interface WatchEntitiesInput {
  readonly orchestrator: string;
  readonly instanceId: string;
  readonly input: object;
}

/**
 * Starts an orchestration that handles the incident later: reads its entities again, or writes a triage to the incident
 * into which it was merged. Never throws: without it, only very late changes are missed.
 */
export async function watchEntities(
  { orchestrator, instanceId, input }: WatchEntitiesInput,
  { hub, log }: Invocation,
): Promise<{ readonly answer: string }> {
  try {
    return { answer: await hub.start(orchestrator, instanceId, input) };
  } catch (error) {
    log("Could not start watching the incident for late changes", { instanceId, error: String(error) });
    return { answer: "failed" };
  }
}
