import type { Triage } from "../domain/report/triage";
import type { Invocation } from "./invocation";

interface RaiseTriageInput {
  readonly runInstanceId: string;
  readonly eventName: string;
  readonly triage: Triage;
}

/** Hands a triage to the waiting run. That the hub took the event does not mean that the run did. */
export async function raiseTriage(input: RaiseTriageInput, { hub }: Invocation): Promise<object> {
  await hub.raise(input.runInstanceId, input.eventName, { triage: input.triage });
  return {};
}
