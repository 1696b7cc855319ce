import type { OrchestrationContext } from "durable-functions";
import type { FetchedIncident } from "../../activities/fetch-incident";
import type { RunInput } from "../../domain/run/run";
import { call, type Step } from "../durable/call";
import { sleepSeconds } from "../durable/clock";
import { persist } from "../durable/persist";
import { refusedReadWaits } from "../waits";

/**
 * Reads the incident. Entities are often late, accounts and mailboxes first and URLs minutes later, so they are read
 * again, as configured, while they contain no indicator. `isThrottled`: Sentinel has refused a read for now.
 */
export function* fetchWithEntities(
  context: OrchestrationContext,
  { incident, settings }: RunInput,
): Step<FetchedIncident & { readonly isThrottled: boolean }> {
  const waits = { refused: [...refusedReadWaits], done: [...settings.entityRetrySeconds] };
  let isThrottled = false;
  for (;;) {
    const fetched = yield* persist(context, function* () {
      const attempt = yield* call(context, "fetchIncident", { incident });
      isThrottled ||= attempt.kind === "again";
      return attempt;
    });
    const isComplete =
      fetched.kind === "done" &&
      (fetched.value.indicators.length > 0 || fetched.value.merge?.survivor !== undefined);
    const wait = isComplete ? undefined : waits[fetched.kind].shift();
    if (wait !== undefined) yield* sleepSeconds(context, wait);
    else if (fetched.kind === "done") return { ...fetched.value, isThrottled };
    else throw new Error(`The incident could not be read: ${fetched.reason}`);
  }
}
