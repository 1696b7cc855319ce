import type { Invocation } from "./invocation";

export interface WatchEntitiesInput {
  readonly orchestrator: string;
  readonly instanceId: string;
  readonly input: object;
}

/**
 * Starts an orchestration that reads the incident's entities once more later. Never throws: without it only what comes
 * very late is missed.
 */
export async function watchEntities(
  { orchestrator, instanceId, input }: WatchEntitiesInput,
  { hub, log }: Invocation,
): Promise<{ readonly answer: string }> {
  try {
    return { answer: await hub.start(orchestrator, instanceId, input) };
  } catch (error) {
    log("Late entities are not watched for", { instanceId, error: String(error) });
    return { answer: "failed" };
  }
}
