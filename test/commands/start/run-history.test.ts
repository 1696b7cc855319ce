import { describe, expect, it } from "vitest";
import { type HistoryEvent, type InstanceStatus, timelineFrom } from "../../../commands/start/run-history";

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 22, 14) + seconds * 1000).toISOString();
const since = Date.parse(at(0));
const now = Date.parse(at(100));

const activity = (
  FunctionName: string,
  from: number,
  to: number,
  EventType = "TaskCompleted",
): HistoryEvent => ({
  EventType,
  FunctionName,
  ScheduledTime: at(from),
  Timestamp: at(to),
});

const instance = (
  historyEvents: readonly HistoryEvent[],
  more: Partial<InstanceStatus> = {},
): InstanceStatus => ({
  name: "enrichIncident",
  instanceId: "sentinel-1",
  runtimeStatus: "Completed",
  input: null,
  customStatus: null,
  output: null,
  historyEvents: [{ EventType: "ExecutionStarted", Timestamp: at(0) }, ...historyEvents],
  ...more,
});

describe("The steps of a run", () => {
  it("stand in the order in which they began, with their times", () => {
    const { title, took, steps } = timelineFrom(
      instance([
        activity("submitAlert", 1, 2),
        activity("fetchIncident", 0, 0.25),
        { EventType: "TimerCreated", Timestamp: at(2) },
        { EventType: "EventRaised", Name: "IntezerAlertTriaged", Timestamp: at(65) },
        activity("postComment", 65, 66, "TaskFailed"),
        { EventType: "ExecutionCompleted", Timestamp: at(70) },
      ]),
      since,
      now,
    );
    expect([title, took]).toEqual(["Run", "1 min 10 s"]);
    expect(steps.map(({ name, began, took: lasted, state }) => [name, began, lasted, state])).toEqual([
      ["fetchIncident", "+0:00", "250 ms", "done"],
      ["submitAlert", "+0:01", "1 s", "done"],
      ["IntezerAlertTriaged", "+1:05", "0 ms", "done"],
      ["postComment", "+1:05", "1 s", "failed"],
    ]);
  });

  it("are one line when the same one follows itself", () => {
    const { steps } = timelineFrom(
      instance([0, 10, 20].map((from) => activity("consult", from, from + 1))),
      since,
      now,
    );
    expect(steps).toMatchObject([{ name: "consult", meaning: "a batch of lookups, 3 times", took: "21 s" }]);
  });

  it.each([
    ["recall", "took answers from the cache"],
    ["findIncident", "searched for the incident of the alert"],
    ["watchEntities", "started watching for late entities"],
    ["startRun", "started the next run"],
    ["somethingNew", ""],
  ])("say what %s does", (name, meaning) => {
    expect(timelineFrom(instance([activity(name, 0, 1)]), since, now).steps).toMatchObject([{ meaning }]);
  });

  it("that have not ended are running", () => {
    const { status, took, steps } = timelineFrom(
      instance([{ EventType: "TaskScheduled", Name: "consult", Timestamp: at(3) }], {
        runtimeStatus: "Running",
      }),
      since,
      now,
    );
    expect([status, took]).toEqual(["running", "1 min 40 s"]);
    expect(steps).toMatchObject([
      { name: "consult", began: "+0:03", took: "running for 1 min 37 s", state: "running" },
    ]);
  });
});

it.each([
  ["consultProvider", { work: { provider: { id: "virustotal" } } }, "Lookups by VirusTotal"],
  ["deliverTriage", { source: "webhook" }, "Triage, received by webhook"],
  ["deliverTriage", { source: "poll" }, "Triage, found by polling"],
  ["enrichAgain", null, "Start of the next run"],
  ["somethingNew", null, "somethingNew"],
])("%s is called by what it does", (name, input, title) => {
  expect(timelineFrom(instance([], { name, input }), since, now).title).toBe(title);
});
