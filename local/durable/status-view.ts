import type { Instance } from "./instances";
import type { HistoryEvent } from "./protocol";

export interface StatusOptions {
  readonly showInput: boolean;
  readonly showHistory: boolean;
  readonly showHistoryOutput: boolean;
}

/** An instance as the management API shows it (extension `HttpApiHandler.cs`, `DurableClient.cs`). */
export function statusView(instance: Instance, options: StatusOptions): Readonly<Record<string, unknown>> {
  const { id, started, status, customStatus, output, updatedAt } = instance;
  return {
    name: started.Name,
    instanceId: id,
    runtimeStatus: status,
    input: options.showInput ? shown(started.Input) : null,
    customStatus: shown(customStatus),
    output: shown(output),
    createdTime: wholeSeconds(started.Timestamp),
    lastUpdatedTime: wholeSeconds(updatedAt),
    ...(options.showHistory && { historyEvents: historyView(instance.history, options.showHistoryOutput) }),
  };
}

/** Text that is not JSON, such as a reason, is shown as text. */
function shown(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const wholeSeconds = (timestamp: string) => `${timestamp.slice(0, 19)}Z`;

/**
 * History for people: turn markers are left out, a result takes the place of what it is the result of, and names
 * what was called. `Result` is there only with `withOutput`.
 */
function historyView(history: readonly HistoryEvent[], withOutput: boolean): unknown[] {
  const calls = new Map(history.flatMap((event) => (isCall(event) ? [[event.EventId, event] as const] : [])));
  const answered = new Set(
    history.flatMap((event) => ("TaskScheduledId" in event ? [event.TaskScheduledId] : [])),
  );
  const view: unknown[] = [];
  for (const event of history) {
    if (event.EventType === "OrchestratorStarted" || event.EventType === "OrchestratorCompleted") continue;
    if (isCall(event) && answered.has(event.EventId)) continue;
    const call = "TaskScheduledId" in event ? calls.get(event.TaskScheduledId) : undefined;
    view.push({ ...eventView(event, withOutput), ...(call && callView(call)) });
  }
  return view;
}

type Call = Extract<HistoryEvent, { EventType: "TaskScheduled" | "SubOrchestrationInstanceCreated" }>;

const isCall = (event: HistoryEvent): event is Call =>
  event.EventType === "TaskScheduled" || event.EventType === "SubOrchestrationInstanceCreated";

const callView = ({ Name, Timestamp }: Call) => ({
  ScheduledTime: Timestamp.replace("Z", "+00:00"),
  FunctionName: Name,
  Input: null,
});

/** Fields without a value here, which a client may expect. */
const emptyFields: Partial<Record<HistoryEvent["EventType"], Readonly<Record<string, unknown>>>> = {
  ExecutionStarted: {
    Correlation: null,
    ParentTraceContext: null,
    ScheduledStartTime: null,
    GenerateNewTrace: false,
  },
  ExecutionCompleted: { FailureDetails: null },
  TaskScheduled: { ParentTraceContext: null, Tags: null, Input: null },
  SubOrchestrationInstanceCreated: { ClientSpanId: null, Tags: null, Input: null },
  TaskFailed: { FailureDetails: null },
  SubOrchestrationInstanceFailed: { FailureDetails: null },
  EventRaised: { ParentTraceContext: null },
};

const hiddenFields = new Set([
  "Version",
  "EventId",
  "TaskScheduledId",
  "TimerId",
  "OrchestrationInstance",
  "ParentInstance",
]);

function eventView(event: HistoryEvent, withOutput: boolean): Record<string, unknown> {
  const fields = Object.entries(event).filter(([name]) => !hiddenFields.has(name));
  const view: Record<string, unknown> = { ...Object.fromEntries(fields), ...emptyFields[event.EventType] };
  if (event.EventType === "ExecutionStarted") {
    delete view.Name;
    view.FunctionName = event.Name;
  }
  if ("Result" in event) {
    delete view.Result;
    if (withOutput) view.Result = shown(event.Result);
  }
  return view;
}
