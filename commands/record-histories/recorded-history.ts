import { apply, type Instances } from "../../local/durable/instances";
import { readJournal } from "../../local/durable/journal";
import type { HistoryEvent } from "../../local/durable/protocol";

/** What one orchestration lived through, from its start to its end. */
export interface RecordedHistory {
  readonly instanceId: string;
  /** Without the inputs of what it scheduled: no replay looks at them. */
  readonly history: readonly HistoryEvent[];
}

/** The histories in a task hub's folder, whose process has ended. */
export function historiesIn(folder: string, hubName: string): readonly RecordedHistory[] {
  const instances: Instances = new Map();
  readJournal(folder, hubName, (commit) => apply(instances, commit));
  return [...instances.values()].map(({ id, history }) => ({
    instanceId: id,
    history: history.map(withoutScheduledInput),
  }));
}

function withoutScheduledInput(event: HistoryEvent): HistoryEvent {
  const isCall = event.EventType === "TaskScheduled" || event.EventType === "SubOrchestrationInstanceCreated";
  return isCall ? { ...event, Input: null } : event;
}
