import type { SchedulingEvent, Undated } from "./protocol";

type Scheduled = Undated<SchedulingEvent>;

/** The replay scheduled something else than history says: the instance fails. */
export class NonDeterminism extends Error {
  constructor(text: string) {
    super(`Non-Deterministic workflow detected: ${text}`);
  }
}

const frameworkNames = {
  TaskScheduled: "ScheduleTaskOrchestratorAction",
  SubOrchestrationInstanceCreated: "CreateSubOrchestrationAction",
  TimerCreated: "CreateTimerOrchestratorAction",
};

const changed = "Was a change made to the orchestrator code after this instance had already started running?";

/**
 * Throws unless a scheduling event of history and what the replay scheduled under its id are of one kind and name.
 * Texts as in DurableTask.Core `TaskOrchestrationContext.cs`, oddities included.
 */
export function checkSame(recorded: Scheduled, replayed: Scheduled | undefined): void {
  if (!replayed) throw new NonDeterminism(`${previously(recorded, "missing")} ${changed}`);
  if (recorded.EventType !== replayed.EventType) {
    const instead = `instead produced a ${frameworkNames[replayed.EventType]} action`;
    throw new NonDeterminism(
      `${previously(recorded, "other")} but the current orchestration replay ${instead} with this sequence number. ${changed}`,
    );
  }
  if (nameOf(recorded).toLowerCase() !== nameOf(replayed).toLowerCase())
    throw new NonDeterminism(
      `${previously(recorded, "other")} but the current orchestration replay instead scheduled ${kindOf(recorded)} named '${nameOf(replayed)}' with this sequence number.  ${changed}`,
    );
}

function previously(event: Scheduled, found: "missing" | "other"): string {
  const scheduled = `A previous execution of this orchestration scheduled ${kindOf(event)} with sequence number ${event.EventId}`;
  const named = event.EventType === "TimerCreated" ? "named" : `named '${nameOf(event)}',`;
  return found === "other"
    ? `${scheduled} ${named}`
    : `${scheduled} but the current replay execution hasn't (yet?) scheduled this task.`;
}

const kinds = {
  TaskScheduled: "an activity task",
  SubOrchestrationInstanceCreated: "a sub-orchestration task",
  TimerCreated: "a timer task",
};
const kindOf = (event: Scheduled) => kinds[event.EventType];
const nameOf = (event: Scheduled) => ("Name" in event ? event.Name : "");
