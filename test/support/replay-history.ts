import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RecordedHistory } from "../../commands/record-histories/recorded-history";
import type { HistoryEvent } from "../../local/durable/protocol";
import { decide } from "../../local/durable/replay";
import { callOrchestrator } from "../../local/durable/worker-calls";
import type { FunctionApp } from "../../local/function-app";

const folder = join(__dirname, "../fixtures/histories");

/** Every recorded history: the release, the story, the orchestrator, and what it lived through. */
export const recordedHistories = readdirSync(folder).flatMap((release) =>
  readdirSync(join(folder, release)).flatMap((file) => {
    const { instances } = JSON.parse(readFileSync(join(folder, release, file), "utf8")) as {
      instances: readonly RecordedHistory[];
    };
    return instances.map((recorded) => ({
      release,
      story: file.replace(".json", ""),
      orchestrator: startOf(recorded.history).Name,
      recorded,
    }));
  }),
);

/** What one turn did: what it scheduled, by what a replay compares, and how it ended the instance. */
interface TurnView {
  readonly scheduled: readonly string[];
  readonly ended?: string;
}

/** The turns as they were recorded. */
export function recordedTurns({ history }: RecordedHistory): readonly TurnView[] {
  return turnsOf(history).map(({ scheduled, completed }) => ({
    scheduled: scheduled.map(viewOf),
    ...(completed && { ended: completed.OrchestrationStatus }),
  }));
}

/**
 * The same turns as an app's orchestrator takes them now, each with the recorded past and the recorded news: a run
 * that the last release left there goes on as it would have.
 */
export async function replayedTurns(
  app: FunctionApp,
  { instanceId, history }: RecordedHistory,
): Promise<readonly TurnView[]> {
  const { Name: name, Input: input, ParentInstance, OrchestrationInstance } = startOf(history);
  const turns: TurnView[] = [];
  for (const { from, to } of turnsOf(history)) {
    const answer = await callOrchestrator(app, {
      name,
      instanceId,
      parentInstanceId: ParentInstance?.OrchestrationInstance.InstanceId ?? null,
      input,
      history: history.slice(0, to),
      played: from,
    });
    if (answer.kind === "failure") return [...turns, { scheduled: [], ended: answer.reason }];
    const executionId = OrchestrationInstance.ExecutionId;
    const { scheduled, ending } = decide({ name, executionId }, history.slice(0, to), answer.state);
    const ended = ending?.kind === "completed" ? endOf(ending) : undefined;
    turns.push({ scheduled: scheduled.map(viewOf), ...(ended !== undefined && { ended }) });
  }
  return turns;
}

/** A failure has its reason: a disagreement with the history is one. */
const endOf = (ending: { status: string; result: string | null }) =>
  ending.status === "Failed" ? `Failed: ${ending.result}` : ending.status;

interface Turn {
  /** Where its news begin, and where they end. */
  readonly from: number;
  readonly to: number;
  readonly scheduled: readonly Scheduled[];
  readonly completed: Extract<HistoryEvent, { EventType: "ExecutionCompleted" }> | undefined;
}

const outcomes: ReadonlySet<HistoryEvent["EventType"]> = new Set([
  "TaskScheduled",
  "SubOrchestrationInstanceCreated",
  "TimerCreated",
  "ExecutionCompleted",
  "OrchestratorCompleted",
]);

function turnsOf(history: readonly HistoryEvent[]): readonly Turn[] {
  const starts = history.flatMap(({ EventType }, at) => (EventType === "OrchestratorStarted" ? [at] : []));
  return starts.map((from, i) => {
    const to = history.findIndex(({ EventType }, at) => at > from && outcomes.has(EventType));
    const outcome = history.slice(to, starts[i + 1]);
    return {
      from,
      to,
      scheduled: outcome.filter((event) => "EventId" in event),
      completed: outcome.find((event) => event.EventType === "ExecutionCompleted"),
    };
  });
}

/** Kind, task id and name are what the runtime compares; the id of a child is what others know it by. */
function viewOf({ EventType, EventId, Name, InstanceId = "" }: Scheduled): string {
  return [EventType, EventId, Name ?? "", InstanceId].join(" ").trimEnd();
}

interface Scheduled {
  readonly EventType: string;
  readonly EventId: number;
  readonly Name?: string;
  readonly InstanceId?: string;
}

function startOf(history: readonly HistoryEvent[]) {
  const started = history.find((event) => event.EventType === "ExecutionStarted");
  if (!started) throw new Error("The history has no start.");
  return started;
}
