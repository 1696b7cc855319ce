/** Numbers of history events on the wire (Azure/durabletask `src/DurableTask.Core/History/EventType.cs`). */
export const eventNumbers = {
  ExecutionStarted: 0,
  ExecutionCompleted: 1,
  ExecutionTerminated: 3,
  TaskScheduled: 4,
  TaskCompleted: 5,
  TaskFailed: 6,
  SubOrchestrationInstanceCreated: 7,
  SubOrchestrationInstanceCompleted: 8,
  SubOrchestrationInstanceFailed: 9,
  TimerCreated: 10,
  TimerFired: 11,
  OrchestratorStarted: 12,
  OrchestratorCompleted: 13,
  EventRaised: 15,
  ExecutionSuspended: 19,
  ExecutionResumed: 20,
} as const;

interface EventOf<Type extends keyof typeof eventNumbers> {
  readonly EventType: Type;
  /** ISO 8601, UTC. */
  readonly Timestamp: string;
}

interface OrchestrationInstance {
  readonly InstanceId: string;
  readonly ExecutionId: string;
}

/** The orchestration that gets the result of a sub-orchestration. */
interface ParentInstance {
  readonly Name: string;
  readonly OrchestrationInstance: OrchestrationInstance;
  readonly TaskScheduleId: number;
}

/** `Input`, `Result` and the like are JSON text. */
export interface ExecutionStarted extends EventOf<"ExecutionStarted"> {
  readonly Name: string;
  /** host.json `extensions.durableTask.defaultVersion` at the start of the instance. */
  readonly Version: string | null;
  readonly Input: string | null;
  readonly OrchestrationInstance: OrchestrationInstance;
  readonly ParentInstance: ParentInstance | null;
  /** 0 when a client started it, else null. */
  readonly Generation: 0 | null;
}

export interface TaskCompleted extends EventOf<"TaskCompleted" | "SubOrchestrationInstanceCompleted"> {
  readonly TaskScheduledId: number;
  readonly Result: string | null;
}

export interface TaskFailed extends EventOf<"TaskFailed" | "SubOrchestrationInstanceFailed"> {
  readonly TaskScheduledId: number;
  readonly Reason: string | null;
  readonly Details: string | null;
}

interface TimerFired extends EventOf<"TimerFired"> {
  readonly TimerId: number;
  readonly FireAt: string;
}

export interface EventRaised extends EventOf<"EventRaised"> {
  readonly Name: string;
  readonly Input: string;
}

/** Here `Input` is the reason, as plain text. */
interface ExecutionTerminated extends EventOf<"ExecutionTerminated"> {
  readonly Input: string | null;
}

interface ExecutionPaused extends EventOf<"ExecutionSuspended" | "ExecutionResumed"> {
  readonly Reason: string | null;
}

/** What can be sent to an instance. */
export type IncomingEvent =
  | ExecutionStarted
  | TaskCompleted
  | TaskFailed
  | TimerFired
  | EventRaised
  | ExecutionTerminated
  | ExecutionPaused;

export interface TaskScheduled extends EventOf<"TaskScheduled"> {
  readonly EventId: number;
  readonly Name: string;
  /** Kept for the activity's call; a trigger payload shows null. */
  readonly Input: string | null;
}

interface SubOrchestrationCreated extends EventOf<"SubOrchestrationInstanceCreated"> {
  readonly EventId: number;
  readonly Name: string;
  readonly InstanceId: string;
  readonly Input: string | null;
}

export interface TimerCreated extends EventOf<"TimerCreated"> {
  readonly EventId: number;
  readonly FireAt: string;
}

/** What a turn schedules; the id is the task's. */
export type SchedulingEvent = TaskScheduled | SubOrchestrationCreated | TimerCreated;

export interface ExecutionCompleted extends EventOf<"ExecutionCompleted"> {
  readonly OrchestrationStatus: "Completed" | "Failed" | "Terminated";
  readonly Result: string | null;
}

type TurnMarker = EventOf<"OrchestratorStarted" | "OrchestratorCompleted">;

export type HistoryEvent = IncomingEvent | SchedulingEvent | ExecutionCompleted | TurnMarker;

/** An event before it is known when it comes into history. */
export type Undated<Event> = Event extends unknown ? Omit<Event, "Timestamp"> : never;

export type RuntimeStatus = "Pending" | "Running" | "Suspended" | "Completed" | "Failed" | "Terminated";

export const terminalStatuses: ReadonlySet<RuntimeStatus> = new Set(["Completed", "Failed", "Terminated"]);

/** Kinds of what an orchestrator asks for (Azure/azure-functions-durable-js `src/actions/ActionType.ts`). */
export const actionTypes = {
  callActivity: 0,
  callActivityWithRetry: 1,
  callSubOrchestrator: 2,
  callSubOrchestratorWithRetry: 3,
  continueAsNew: 4,
  createTimer: 5,
  waitForExternalEvent: 6,
  whenAny: 11,
  whenAll: 12,
} as const;

type TypeOf<Name extends keyof typeof actionTypes> = (typeof actionTypes)[Name];

export interface RetryOptions {
  readonly firstRetryIntervalInMilliseconds: number;
  readonly maxNumberOfAttempts: number;
  readonly backoffCoefficient?: number;
  readonly maxRetryIntervalInMilliseconds?: number;
  readonly retryTimeoutInMilliseconds?: number;
}

interface Call {
  readonly functionName: string;
  readonly input?: unknown;
  readonly retryOptions?: RetryOptions;
}

interface CallActivity extends Call {
  readonly actionType: TypeOf<"callActivity" | "callActivityWithRetry">;
}

interface CallSubOrchestrator extends Call {
  readonly actionType: TypeOf<"callSubOrchestrator" | "callSubOrchestratorWithRetry">;
  readonly instanceId?: string;
}

export type Action =
  | CallActivity
  | CallSubOrchestrator
  | { readonly actionType: TypeOf<"continueAsNew">; readonly input?: unknown }
  | { readonly actionType: TypeOf<"createTimer">; readonly fireAt: string; readonly isCanceled: boolean }
  | { readonly actionType: TypeOf<"waitForExternalEvent">; readonly externalEventName: string }
  | { readonly actionType: TypeOf<"whenAny" | "whenAll">; readonly compoundActions: readonly Action[] };

/** What an orchestrator's turn returns. */
export interface OrchestratorState {
  readonly isDone: boolean;
  /** All actions since the start of the execution, in one outer array. */
  readonly actions: readonly (readonly Action[])[];
  readonly output?: unknown;
  readonly error?: string;
  readonly customStatus?: unknown;
}

export const isoFrom = (instant: number): string => new Date(instant).toISOString();
