import { NonDeterminism } from "./determinism";
import { createFramework, jsonTextOf, type ReplayedFramework } from "./framework";
import type {
  EventRaised,
  ExecutionCompleted,
  HistoryEvent,
  OrchestratorState,
  SchedulingEvent,
  Undated,
} from "./protocol";
import { playActions } from "./tasks";

/** How an execution ends. */
export type Ending =
  | {
      readonly kind: "completed";
      readonly status: ExecutionCompleted["OrchestrationStatus"];
      readonly result: string | null;
      /** For the parent of a failed execution. */
      readonly details: string | null;
    }
  /** Continued as new: the next generation starts with `input` and the events that came after that was decided. */
  | { readonly kind: "continued"; readonly input: string | null; readonly events: readonly EventRaised[] };

export interface Decision {
  readonly scheduled: readonly Undated<SchedulingEvent>[];
  readonly ending?: Ending;
}

/**
 * What the task framework makes of a turn: feeds all events of an execution, new ones included, to the actions that
 * its orchestrator returned. Pure. The rules are those of DurableTask.Core `TaskOrchestrationExecutor.cs` and
 * decide ids, what is open, and when the execution ends.
 */
export function decide(
  orchestrator: { readonly name: string; readonly executionId: string },
  history: readonly HistoryEvent[],
  state: OrchestratorState,
): Decision {
  const framework = createFramework(orchestrator.executionId);
  const replay: Replay = { framework, actions: state.actions.flat(), through: false, late: [] };
  let ending: Ending | undefined;
  try {
    for (const event of history) feed(event, replay);
    ending = replay.ending ?? endingFrom(orchestrator.name, replay, state);
  } catch (error) {
    if (!(error instanceof NonDeterminism)) throw error;
    ending = replay.ending ?? failed(error.message, null);
  }
  return { scheduled: framework.unsent(), ...(ending && { ending }) };
}

interface Replay {
  readonly framework: ReplayedFramework;
  readonly actions: OrchestratorState["actions"][number];
  /** The list of actions is through. */
  through: boolean;
  ending?: Ending;
  /** Events that came after continue-as-new was decided. */
  readonly late: EventRaised[];
  /** While suspended, what comes is kept here. */
  held?: HistoryEvent[];
}

function feed(event: HistoryEvent, replay: Replay): void {
  const breaksPause = event.EventType === "ExecutionResumed" || event.EventType === "ExecutionTerminated";
  if (event.EventType === "OrchestratorStarted") replay.framework.setNow(Date.parse(event.Timestamp));
  else if (!replay.held || breaksPause) handle(event, replay);
  else if (event.EventType !== "ExecutionSuspended") replay.held.push(event);
}

function handle(event: HistoryEvent, replay: Replay): void {
  const { framework } = replay;
  switch (event.EventType) {
    case "ExecutionStarted":
      playActions(replay.actions, framework, () => {
        replay.through = true;
      });
      break;
    case "TaskScheduled":
    case "SubOrchestrationInstanceCreated":
    case "TimerCreated":
      framework.match(event);
      break;
    case "TaskCompleted":
    case "SubOrchestrationInstanceCompleted":
      framework.complete(event.TaskScheduledId, true);
      break;
    case "TaskFailed":
    case "SubOrchestrationInstanceFailed":
      framework.complete(event.TaskScheduledId, false);
      break;
    case "TimerFired":
      framework.complete(event.TimerId, true);
      break;
    case "EventRaised":
      if (framework.nextInput()) replay.late.push(event);
      else framework.raise(event.Name);
      break;
    case "ExecutionTerminated":
      replay.ending ??= { kind: "completed", status: "Terminated", result: event.Input, details: null };
      break;
    case "ExecutionSuspended":
      replay.held = [];
      framework.suspend();
      break;
    case "ExecutionResumed":
      resume(replay);
  }
}

function resume(replay: Replay): void {
  const held = replay.held ?? [];
  delete replay.held;
  replay.framework.resume();
  for (const event of held) feed(event, replay);
}

/** The orchestrator's end counts only when its list is through and no task is open. */
function endingFrom(
  name: string,
  { framework, through, late }: Replay,
  state: OrchestratorState,
): Ending | undefined {
  if (!through || framework.hasOpenTasks()) return undefined;
  if (state.error)
    return failed(
      `Orchestrator function '${name}' failed: ${state.error}`,
      `Message: ${state.error}, StackTrace: none`,
    );
  if (!state.isDone) return undefined;
  const next = framework.nextInput();
  if (next) return { kind: "continued", input: jsonTextOf(next.input), events: late };
  return { kind: "completed", status: "Completed", result: jsonTextOf(state.output), details: null };
}

export function failed(reason: string, details: string | null): Ending {
  return { kind: "completed", status: "Failed", result: reason, details };
}
