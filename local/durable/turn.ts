import { randomUUID } from "node:crypto";
import type { Clock } from "../clock";
import type { FunctionApp } from "../function-app";
import { executionIdOf, type Instance, type Message, newEvents, type TurnCommit } from "./instances";
import { type Action, actionTypes, type ExecutionStarted, isoFrom, type SchedulingEvent } from "./protocol";
import { type Decision, decide, type Ending, failed } from "./replay";
import { callOrchestrator, notRegistered, type OrchestratorAnswer } from "./worker-calls";

/**
 * One turn of an instance, without its effects: takes everything that is in the inbox now, calls the orchestrator and
 * decides. Returns the commit.
 */
export async function runTurn(
  app: FunctionApp,
  clock: Clock,
  instance: Instance,
  childVersion: string | null,
): Promise<TurnCommit> {
  const startedAt = clock.now();
  const taken = instance.isContinued ? 0 : instance.inbox.length;
  const history = [...instance.history, ...newEvents(instance, taken, startedAt)];
  const { Name, Input, ParentInstance } = instance.started;
  const answer = await callOrchestrator(app, {
    name: Name,
    instanceId: instance.id,
    parentInstanceId: ParentInstance?.OrchestrationInstance.InstanceId ?? null,
    input: Input,
    history,
    played: instance.isContinued ? 0 : instance.history.length,
  });
  const { scheduled: decided, ending } = decisionFrom(app, instance, history, answer);
  const endedAt = clock.now();
  const scheduled = decided.map((event) => ({ ...event, Timestamp: isoFrom(endedAt) }));
  return {
    kind: "turn",
    instanceId: instance.id,
    startedAt,
    endedAt,
    taken,
    customStatus: customStatusFrom(answer),
    scheduled,
    ...endingOf(instance, ending, endedAt),
    sent: [
      ...scheduled.flatMap((event) => startOf(instance, event, childVersion)),
      ...resultOf(instance, ending, endedAt),
    ],
  };
}

function decisionFrom(
  app: FunctionApp,
  instance: Instance,
  history: Parameters<typeof decide>[1],
  answer: OrchestratorAnswer,
): Decision {
  const { Name, OrchestrationInstance } = instance.started;
  if (answer.kind === "failure") return { scheduled: [], ending: failed(answer.reason, answer.reason) };
  const refusal = refusalOf(app, instance, answer.state.actions.flat());
  if (refusal) {
    const text = `Orchestrator function '${Name}' failed: ${refusal}`;
    return { scheduled: [], ending: failed(text, text) };
  }
  return decide({ name: Name, executionId: OrchestrationInstance.ExecutionId }, history, answer.state);
}

/**
 * Why an action cannot be carried out. The extension swallows these errors, so that the instance hangs; here it fails
 * and says why.
 */
function refusalOf(app: FunctionApp, instance: Instance, actions: readonly Action[]): string | undefined {
  return elementary(actions)
    .map((action) => refusalOfAction(app, instance, action))
    .find((refusal) => refusal !== undefined);
}

function elementary(actions: readonly Action[]): readonly Action[] {
  return actions.flatMap((action) =>
    "compoundActions" in action ? elementary(action.compoundActions) : [action],
  );
}

const supported: ReadonlySet<number> = new Set(Object.values(actionTypes));

function refusalOfAction(app: FunctionApp, instance: Instance, action: Action): string | undefined {
  if (!supported.has(action.actionType))
    return `The local host supports no entities and no HTTP calls (action type ${action.actionType}).`;
  if (!("functionName" in action)) return undefined;
  const isActivity =
    action.actionType === actionTypes.callActivity || action.actionType === actionTypes.callActivityWithRetry;
  const kind = isActivity ? "activity" : "orchestrator";
  if (!app.find(isActivity ? "activityTrigger" : "orchestrationTrigger", action.functionName))
    return notRegistered(app, kind, action.functionName);
  const childId = "instanceId" in action ? action.instanceId?.toLowerCase() : undefined;
  const ancestors = [instance.id, instance.started.ParentInstance?.OrchestrationInstance.InstanceId];
  return childId !== undefined && ancestors.some((id) => id?.toLowerCase() === childId)
    ? "The instance ID of a sub-orchestration must be different than the instance ID of a parent orchestration."
    : undefined;
}

/** A turn without custom status clears it. */
function customStatusFrom(answer: OrchestratorAnswer): string | null {
  const status = answer.kind === "state" ? answer.state.customStatus : undefined;
  return status === undefined ? null : JSON.stringify(status);
}

function endingOf(
  { id, started }: Instance,
  ending: Ending | undefined,
  at: number,
): Pick<TurnCommit, "completed" | "continued"> {
  if (!ending) return {};
  const Timestamp = isoFrom(at);
  if (ending.kind === "completed")
    return {
      completed: {
        EventType: "ExecutionCompleted",
        OrchestrationStatus: ending.status,
        Result: ending.result,
        Timestamp,
      },
    };
  const OrchestrationInstance = { InstanceId: id, ExecutionId: newExecutionId() };
  return {
    continued: {
      started: { ...started, Input: ending.input, OrchestrationInstance, Generation: null, Timestamp },
      events: ending.events,
    },
  };
}

function startOf(parent: Instance, event: SchedulingEvent, Version: string | null): Message[] {
  if (event.EventType !== "SubOrchestrationInstanceCreated") return [];
  const started: ExecutionStarted = {
    EventType: "ExecutionStarted",
    Name: event.Name,
    Version,
    Input: event.Input,
    OrchestrationInstance: { InstanceId: event.InstanceId, ExecutionId: newExecutionId() },
    ParentInstance: {
      Name: parent.started.Name,
      OrchestrationInstance: { InstanceId: parent.id, ExecutionId: executionIdOf(parent) },
      TaskScheduleId: event.EventId,
    },
    Generation: null,
    Timestamp: event.Timestamp,
  };
  return [{ to: event.InstanceId, event: started }];
}

function resultOf({ started }: Instance, ending: Ending | undefined, at: number): Message[] {
  const parent = started.ParentInstance;
  if (!parent || ending?.kind !== "completed") return [];
  const { InstanceId: to, ExecutionId: executionId } = parent.OrchestrationInstance;
  const common = { TaskScheduledId: parent.TaskScheduleId, Timestamp: isoFrom(at) };
  const event =
    ending.status === "Completed"
      ? ({ EventType: "SubOrchestrationInstanceCompleted", Result: ending.result, ...common } as const)
      : ({
          EventType: "SubOrchestrationInstanceFailed",
          Reason: ending.result,
          Details: ending.details,
          ...common,
        } as const);
  return [{ to, executionId, event }];
}

const newExecutionId = () => randomUUID().replaceAll("-", "");
