import { describe, expect, test } from "vitest";
import type { ExecutionStarted, HistoryEvent } from "../../../local/durable/protocol";
import { callOrchestrator } from "../../../local/durable/worker-calls";
import {
  comparable,
  executions,
  goldenApp,
  type Recording,
  readGolden,
  recordings,
} from "../../support/golden";

/** The SDK wants the details of a failure, and the recordings keep none. */
const withDetails = (event: Recording["turns"][number]["events"][number]) =>
  ({ ...event, ...("Reason" in event && { Details: "(details)" }) }) as unknown as HistoryEvent;

describe("to every recorded turn the SDK gives the recorded answer", () => {
  const app = goldenApp();
  test.each(recordings)("%s", async (name) => {
    const { turns } = readGolden(`orchestrations/${name}.json`) as Recording;
    for (const execution of executions(turns)) {
      const history: HistoryEvent[] = [];
      for (const turn of execution) {
        const played = history.length;
        history.push(...turn.events.map(withDetails));
        const started = history.find(
          (event): event is ExecutionStarted => event.EventType === "ExecutionStarted",
        );
        const answer = await callOrchestrator(app, {
          name: started?.Name ?? "",
          instanceId: turn.instanceId,
          parentInstanceId: turn.parentInstanceId ?? null,
          input: started?.Input ?? null,
          history,
          played,
        });
        expect(comparable(answer)).toEqual(
          comparable({ kind: "state", state: turn.returned ?? turn.failed }),
        );
      }
    }
  });
});
