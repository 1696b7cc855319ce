import { randomUUID } from "node:crypto";
import { type LaterStart, type NextRun, type RunTarget, startNextRun } from "../domain/run/next-run";
import type { Invocation } from "./invocation";

interface StartRunInput {
  readonly target: RunTarget;
  readonly start: LaterStart;
}

/** Starts the incident's next run, or says why there is none yet. Throws when the hub cannot be reached. */
export async function startRun({ target, start }: StartRunInput, { hub, log }: Invocation): Promise<NextRun> {
  const next = await startNextRun(hub, target, start, { now: Date.now(), startId: randomUUID() });
  log("Asked for the next run", { instanceId: target.instanceId, answer: next.kind });
  return next;
}

interface WatchEntitiesInput {
  readonly orchestrator: string;
  readonly instanceId: string;
  readonly input: object;
}

/**
 * Starts an orchestration that looks after the incident later: reads its entities once more, or brings a triage to where
 * it was merged. Never throws: without it only what comes very late is missed.
 */
export async function watchEntities(
  { orchestrator, instanceId, input }: WatchEntitiesInput,
  { hub, log }: Invocation,
): Promise<{ readonly answer: string }> {
  try {
    return { answer: await hub.start(orchestrator, instanceId, input) };
  } catch (error) {
    log("What comes late is not watched for", { instanceId, error: String(error) });
    return { answer: "failed" };
  }
}
