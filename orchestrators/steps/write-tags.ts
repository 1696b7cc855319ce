import type { OrchestrationContext } from "durable-functions";
import type { TagIncidentInput } from "../../activities/tag-incident";
import { call, type Step } from "../durable/call";
import { sleepSeconds } from "../durable/clock";
import { type Persisted, persist } from "../durable/persist";

const mostTries = 5;

/** Writes the tags on a fresh read each time another writer came first, at most five times. */
export function* writeTags(
  context: OrchestrationContext,
  input: TagIncidentInput,
): Step<Persisted<readonly string[]>> {
  for (let tries = 1; tries <= mostTries; tries++) {
    const tagged = yield* persist(context, () => call(context, "tagIncident", input));
    if (tagged.kind === "refused") return tagged;
    if (tagged.value !== "conflict") return { kind: "done", value: tagged.value };
    yield* sleepSeconds(context, tries);
  }
  return { kind: "refused", reason: `somebody else changed the incident during each of ${mostTries} tries` };
}
