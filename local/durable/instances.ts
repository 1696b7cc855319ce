import type {
  EventRaised,
  ExecutionCompleted,
  ExecutionStarted,
  HistoryEvent,
  IncomingEvent,
  RuntimeStatus,
  SchedulingEvent,
  TaskScheduled,
  TimerCreated,
} from "./protocol";
import { isoFrom, terminalStatuses } from "./protocol";

export interface Instance {
  readonly id: string;
  /** Start of the current execution. */
  started: ExecutionStarted;
  /** Events of the current execution, as far as turns have taken them in. */
  history: HistoryEvent[];
  /** Sent to the instance and not taken in by a turn. */
  readonly inbox: IncomingEvent[];
  status: RuntimeStatus;
  /** JSON text. */
  customStatus: string | null;
  /** JSON text, or plain text such as a reason. */
  output: string | null;
  updatedAt: string;
  /** A new generation, whose first turn is due though nothing was sent. */
  isContinued: boolean;
}

export interface Message {
  readonly to: string;
  /** For this execution only: results of an execution that is gone are of no use. */
  readonly executionId?: string;
  readonly event: IncomingEvent;
}

/** What one turn did. */
export interface TurnCommit {
  readonly kind: "turn";
  readonly instanceId: string;
  readonly startedAt: number;
  readonly endedAt: number;
  /** How many messages the turn took in. */
  readonly taken: number;
  readonly customStatus: string | null;
  readonly scheduled: readonly SchedulingEvent[];
  readonly completed?: ExecutionCompleted;
  /** The next generation, and the events it takes over. */
  readonly continued?: { readonly started: ExecutionStarted; readonly events: readonly EventRaised[] };
  /** Starts of sub-orchestrations, the result for the parent. */
  readonly sent: readonly Message[];
}

/** A change of the hub's state; the state is the sum of them. */
export type Commit =
  | TurnCommit
  | { readonly kind: "message"; readonly message: Message }
  | { readonly kind: "purge"; readonly instanceIds: readonly string[] }
  /** In a compacted journal: an instance as it was then. */
  | { readonly kind: "instance"; readonly instance: Instance };

export type Instances = Map<string, Instance>;

export function apply(instances: Instances, commit: Commit): void {
  if (commit.kind === "message") deliver(instances, commit.message);
  else if (commit.kind === "purge") for (const id of commit.instanceIds) instances.delete(id);
  else if (commit.kind === "instance") instances.set(commit.instance.id, commit.instance);
  else applyTurn(instances, commit);
}

/** Whether a message has a receiver. */
export function isDeliverable(instances: Instances, { to, executionId, event }: Message): boolean {
  if (event.EventType === "ExecutionStarted") return true;
  const instance = instances.get(to);
  if (!instance || isTerminal(instance)) return false;
  return executionId === undefined || executionId === executionIdOf(instance);
}

/** A start replaces an instance of that id in any state, as the real storage does. */
function deliver(instances: Instances, message: Message): void {
  if (!isDeliverable(instances, message)) return;
  const { to, event } = message;
  if (event.EventType === "ExecutionStarted") instances.set(to, pendingInstance(to, event));
  else instances.get(to)?.inbox.push(event);
}

function pendingInstance(id: string, started: ExecutionStarted): Instance {
  return {
    id,
    started,
    history: [],
    inbox: [started],
    status: "Pending",
    customStatus: null,
    output: null,
    updatedAt: started.Timestamp,
    isContinued: false,
  };
}

function applyTurn(instances: Instances, commit: TurnCommit): void {
  const instance = instances.get(commit.instanceId);
  if (!instance) throw new Error(`There is no instance ${commit.instanceId} for its turn.`);
  const news = newEvents(instance, commit.taken, commit.startedAt);
  instance.inbox.splice(0, commit.taken);
  instance.history.push(...news, ...commit.scheduled);
  if (commit.completed) instance.history.push(commit.completed);
  instance.history.push(marker("OrchestratorCompleted", commit.endedAt));
  instance.customStatus = commit.customStatus;
  instance.updatedAt = isoFrom(commit.endedAt);
  instance.isContinued = false;
  for (const event of [...news, ...(commit.completed ? [commit.completed] : [])])
    Object.assign(instance, statusAfter(event));
  if (commit.continued) continueAsNew(instance, commit.continued, commit.endedAt);
  for (const message of commit.sent) deliver(instances, message);
}

/** The new generation's history begins with its turn's markers, and the turn comes after. */
function continueAsNew(
  instance: Instance,
  { started, events }: NonNullable<TurnCommit["continued"]>,
  at: number,
): void {
  const [first, last] = [marker("OrchestratorStarted", at), marker("OrchestratorCompleted", at)];
  instance.started = started;
  instance.history = [first, started, ...events, last];
  instance.customStatus = null;
  instance.isContinued = true;
}

/** What a turn adds to history before it asks the orchestrator. */
export function newEvents(instance: Instance, taken: number, startedAt: number): HistoryEvent[] {
  if (instance.isContinued) return [];
  return [marker("OrchestratorStarted", startedAt), ...instance.inbox.slice(0, taken)];
}

function marker(EventType: "OrchestratorStarted" | "OrchestratorCompleted", at: number): HistoryEvent {
  return { EventType, Timestamp: isoFrom(at) };
}

/** As the instances table is kept (DurableTask.AzureStorage `AzureTableTrackingStore.cs`). */
function statusAfter(event: HistoryEvent): Partial<Pick<Instance, "status" | "output">> {
  switch (event.EventType) {
    case "ExecutionStarted":
      return { status: "Running" };
    case "ExecutionSuspended":
      return { status: "Suspended", output: event.Reason };
    case "ExecutionResumed":
      return { status: "Running", output: event.Reason };
    case "ExecutionCompleted":
      return { status: event.OrchestrationStatus, output: event.Result };
    default:
      return {};
  }
}

export const isTerminal = (instance: Instance): boolean => terminalStatuses.has(instance.status);

export const executionIdOf = (instance: Instance): string =>
  instance.started.OrchestrationInstance.ExecutionId;

/** Whether a turn has something to do. */
export const isDue = (instance: Instance): boolean =>
  !isTerminal(instance) && (instance.isContinued || instance.inbox.length > 0);

/** Activities without result and timers that have not fired: what a restart has to start again. */
export function openWork(instance: Instance): {
  readonly activities: readonly TaskScheduled[];
  readonly timers: readonly TimerCreated[];
} {
  const events = [...instance.history, ...instance.inbox];
  const ended = new Set<number>();
  for (const event of events) {
    if ("TaskScheduledId" in event) ended.add(event.TaskScheduledId);
    if (event.EventType === "TimerFired") ended.add(event.TimerId);
  }
  return {
    activities: events.filter((e) => e.EventType === "TaskScheduled").filter((e) => !ended.has(e.EventId)),
    timers: events.filter((e) => e.EventType === "TimerCreated").filter((e) => !ended.has(e.EventId)),
  };
}
