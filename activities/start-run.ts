import type { RunInput, RunStart } from "../domain/run/run";
import { previousRunOf, willReadAgain } from "../domain/run/run";
import type { Invocation } from "./invocation";

export interface StartRunInput {
  readonly orchestrator: string;
  readonly instanceId: string;
  readonly start: RunStart;
}

/** Starts the incident's next run. `busy`: the present one goes on and will not read the entities again. */
export async function startRun(
  { orchestrator, instanceId, start }: StartRunInput,
  { hub, log }: Invocation,
): Promise<{ readonly answer: "started" | "notNeeded" | "busy" }> {
  const instance = await hub.find(instanceId);
  if (instance && willReadAgain(instance)) return { answer: "notNeeded" };
  if (instance && instance.state !== "ended") return { answer: "busy" };
  const previous = previousRunOf(instance);
  const input: RunInput = { ...start, run: Date.now(), ...(previous ? { previous } : {}) };
  const started = await hub.start(orchestrator, instanceId, input);
  log("Started a run again", { instanceId, run: input.run, answer: started });
  return { answer: started === "started" ? "started" : "busy" };
}
