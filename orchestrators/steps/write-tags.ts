import type { OrchestrationContext } from "durable-functions";
import type { MergeMet, TagIncidentInput } from "../../activities/tag-incident";
import { call, type Step } from "../durable/call";
import { sleepSeconds } from "../durable/clock";
import { type Persisted, persist } from "../durable/persist";
import { conflictWaits } from "../waits";

/**
 * Writes the tags, with a fresh read each time another writer came first, at most five times. If the incident was merged,
 * returns the merge and writes nothing.
 */
export function* writeTags(
  context: OrchestrationContext,
  input: TagIncidentInput,
): Step<Persisted<readonly string[] | MergeMet>> {
  for (const wait of conflictWaits) {
    const tagged = yield* persist(context, () => call(context, "tagIncident", input));
    if (tagged.kind === "refused") return tagged;
    if (tagged.value !== "conflict") return { kind: "done", value: tagged.value };
    yield* sleepSeconds(context, wait);
  }
  return {
    kind: "refused",
    reason: `the incident was changed by others during each of ${conflictWaits.length} tries`,
  };
}

export function isMerge(written: readonly string[] | MergeMet): written is MergeMet {
  return "merge" in written;
}
