import type { Invocation } from "./invocation";

export interface WatchEntitiesInput {
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
