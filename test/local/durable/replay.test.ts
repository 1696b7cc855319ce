import { describe, expect, test } from "vitest";
import type { HistoryEvent, OrchestratorState } from "../../../local/durable/protocol";
import { decide } from "../../../local/durable/replay";
import { comparable, executions, type Recording, readGolden, recordings } from "../../support/golden";

const schedulingEvents = new Set(["TaskScheduled", "SubOrchestrationInstanceCreated", "TimerCreated"]);

const facts = ({ EventType, EventId, Name, InstanceId, FireAt }: Readonly<Record<string, unknown>>) =>
  comparable({ EventType, EventId, Name, InstanceId, FireAt });

describe("from history and the orchestrator's answer follows what the next turn finds scheduled", () => {
  test.each(recordings)("%s", (name) => {
    const recording = readGolden(`orchestrations/${name}.json`) as Recording;
    for (const turns of executions(recording.turns)) {
      const history: HistoryEvent[] = [];
      for (const [index, turn] of turns.entries()) {
        history.push(...(turn.events as unknown as HistoryEvent[]));
        const state = (turn.returned ?? turn.failed) as OrchestratorState;
        const execution = { name: "recorded", executionId: "0123456789abcdef0123456789abcdef" };
        const decision = decide(execution, history, state);
        const next = turns[index + 1];
        if (!next) continue;
        const expected = next.events.filter((event) => schedulingEvents.has(event.EventType));
        expect(decision.scheduled.map((event) => facts({ ...event }))).toEqual(expected.map(facts));
        expect(decision.ending).toBeUndefined();
      }
    }
  });
});

const at = (second: number) => new Date(second * 1000).toISOString();
const started: HistoryEvent[] = [
  { EventType: "OrchestratorStarted", Timestamp: at(0) },
  {
    EventType: "ExecutionStarted",
    Name: "o",
    Version: null,
    Input: null,
    OrchestrationInstance: { InstanceId: "i", ExecutionId: "e" },
    ParentInstance: null,
    Generation: 0,
    Timestamp: at(0),
  },
];
const activity = (functionName: string) => ({ actionType: 0, functionName }) as const;
const state = (...actions: OrchestratorState["actions"][number][number][]): OrchestratorState => ({
  isDone: false,
  actions: [actions],
});
const scheduledActivity = (EventId: number, Name: string) =>
  ({ EventType: "TaskScheduled", EventId, Name, Input: null, Timestamp: at(0) }) as const;
const execution = { name: "o", executionId: "e" };

describe("an orchestrator that does something else than history says fails", () => {
  test.each([
    ["another activity", [scheduledActivity(0, "a")], [activity("b")], "an activity task named 'b'"],
    ["nothing", [scheduledActivity(0, "a")], [], "hasn't (yet?) scheduled this task"],
    [
      "a timer",
      [scheduledActivity(0, "a")],
      [{ actionType: 5, fireAt: at(9), isCanceled: false } as const],
      "instead produced a CreateTimerOrchestratorAction action",
    ],
  ])("%s", (_, events, actions, text) => {
    const { ending } = decide(execution, [...started, ...events], state(...actions));
    expect(ending).toMatchObject({ kind: "completed", status: "Failed" });
    expect(JSON.stringify(ending)).toContain("Non-Deterministic workflow detected");
    expect(JSON.stringify(ending)).toContain(text);
  });

  test("names differing in case are the same", () => {
    const { ending } = decide(execution, [...started, scheduledActivity(0, "A")], state(activity("a")));
    expect(ending).toBeUndefined();
  });
});

test("an orchestrator that has returned goes on while a task is open", () => {
  const done = { ...state(activity("a")), isDone: true, output: 1 };
  const decision = decide(execution, [...started], done);
  expect(decision.scheduled).toHaveLength(1);
  expect(decision.ending).toBeUndefined();
});
