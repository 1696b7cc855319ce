import type { FunctionApp, RegisteredFunction, TypedData } from "../function-app";
import { eventNumbers, type HistoryEvent, type OrchestratorState, type TaskScheduled } from "./protocol";

interface OrchestratorTurn {
  readonly name: string;
  readonly instanceId: string;
  readonly parentInstanceId: string | null;
  /** JSON text. */
  readonly input: string | null;
  /** All events of the execution. */
  readonly history: readonly HistoryEvent[];
  /** How many of them were there before this turn. */
  readonly played: number;
}

export type OrchestratorAnswer =
  | { readonly kind: "state"; readonly state: OrchestratorState }
  /** No state came back: the reason is the instance's end. */
  | { readonly kind: "failure"; readonly reason: string };

/** Calls an orchestrator; it never rejects. */
export async function callOrchestrator(
  app: FunctionApp,
  turn: OrchestratorTurn,
): Promise<OrchestratorAnswer> {
  const failure = (reason: string) =>
    ({ kind: "failure", reason: `Orchestrator function '${turn.name}' failed: ${reason}` }) as const;
  const fn = app.find("orchestrationTrigger", turn.name);
  if (!fn) return failure(notRegistered(app, "orchestrator", turn.name));
  try {
    const { returnValue } = await app.invoke(fn, {
      inputs: [{ name: fn.trigger.name, data: { string: orchestrationPayload(turn) } }],
      triggerMetadata: { instanceId: { string: turn.instanceId } },
    });
    const state = textFrom(returnValue);
    return state === null
      ? failure("it returned no state.")
      : { kind: "state", state: JSON.parse(state) as OrchestratorState };
  } catch (error) {
    const state = stateFromFailure(messageOf(error));
    return state ? { kind: "state", state } : failure(messageOf(error));
  }
}

/** Before this comes what the SDK throws, after it the orchestrator's state (SDK `OrchestrationFailureError.ts`). */
const stateLabel = "\n\n$OutOfProcData$:";

function stateFromFailure(message: string): OrchestratorState | undefined {
  const at = message.indexOf(stateLabel);
  return at < 0 ? undefined : (JSON.parse(message.slice(at + stateLabel.length)) as OrchestratorState);
}

/** Value of an `orchestrationTrigger` (extension `OrchestrationTriggerAttributeBindingProvider.cs`). */
function orchestrationPayload(turn: OrchestratorTurn): string {
  const history = turn.history.map((event, index) => textOfEvent(event, index < turn.played));
  const fields = JSON.stringify({
    instanceId: turn.instanceId,
    isReplaying: turn.played > 0,
    parentInstanceId: turn.parentInstanceId,
    upperSchemaVersion: 1,
    upperSchemaVersionNew: 3,
    longRunningTimerIntervalDuration: "3.00:00:00",
    maximumShortTimerDuration: "6.00:00:00",
    defaultHttpAsyncRequestSleepTimeMillseconds: 30000,
  });
  return `{"history":[${history}],"input":${turn.input},${fields.slice(1)}`;
}

/** Of events that have been played: every later turn has them again, unchanged. */
const playedTexts = new WeakMap<HistoryEvent, string>();

function textOfEvent(event: HistoryEvent, isPlayed: boolean): string {
  const known = isPlayed ? playedTexts.get(event) : undefined;
  if (known !== undefined) return known;
  const text = JSON.stringify({
    EventId: -1,
    ...event,
    ...(isScheduling(event) ? { Input: null } : {}),
    EventType: eventNumbers[event.EventType],
    IsPlayed: isPlayed && !unplayable.has(event.EventType),
  });
  if (isPlayed) playedTexts.set(event, text);
  return text;
}

const isScheduling = (event: HistoryEvent) =>
  event.EventType === "TaskScheduled" || event.EventType === "SubOrchestrationInstanceCreated";

/** Only what came in is ever marked as played. */
const unplayable: ReadonlySet<HistoryEvent["EventType"]> = new Set([
  "OrchestratorStarted",
  "OrchestratorCompleted",
  "TaskScheduled",
  "SubOrchestrationInstanceCreated",
  "TimerCreated",
]);

export type ActivityAnswer =
  /** JSON text. */
  | { readonly kind: "result"; readonly result: string | null }
  | { readonly kind: "failure"; readonly reason: string; readonly details: string };

/** Calls an activity; `clientBinding` is what a `durableClient` input of it receives. It never rejects. */
export async function callActivity(
  app: FunctionApp,
  instanceId: string,
  { Name, Input }: TaskScheduled,
  clientBinding: () => string,
): Promise<ActivityAnswer> {
  try {
    const fn = app.find("activityTrigger", Name);
    if (!fn) throw new Error(notRegistered(app, "activity", Name));
    const data = Input === null ? {} : activityInput(JSON.parse(Input));
    const { returnValue } = await app.invoke(fn, {
      inputs: [{ name: fn.trigger.name, data }, ...clientInputs(fn, clientBinding)],
      triggerMetadata: {
        instanceId: { string: instanceId },
        ...(Input === null ? {} : { [fn.trigger.name]: data, data: { json: Input } }),
      },
    });
    return { kind: "result", result: textFrom(returnValue) };
  } catch (error) {
    // Two spaces, as in reality.
    const message = ` ${messageOf(error)}`;
    return {
      kind: "failure",
      reason: `Activity function '${Name}' failed: ${message}`,
      details: JSON.stringify({
        ClassName: "System.Exception",
        Message: message,
        RemoteStackTrace: error instanceof Error ? error.stack : undefined,
      }),
    };
  }
}

/** Text is JSON already; `True` and `False` are what .NET makes of booleans (`DurableActivityContext.cs`). */
function activityInput(input: unknown): TypedData {
  if (typeof input === "boolean") return { string: input ? "True" : "False" };
  return { string: typeof input === "string" ? input : JSON.stringify(input) };
}

function clientInputs(fn: RegisteredFunction, clientBinding: () => string) {
  return fn.extraInputs
    .filter((input) => input.type === "durableClient")
    .map((input) => ({ name: input.name, data: { string: clientBinding() } }));
}

/** JSON text of a value that the worker returned. */
function textFrom(data: TypedData | undefined): string | null {
  if (!data) return null;
  if (typeof data.json === "string") return data.json;
  const value = data.string ?? data.int ?? data.double;
  if (typeof value === "number" && !Number.isFinite(value)) return JSON.stringify(String(value));
  return value === undefined ? null : JSON.stringify(value);
}

/** Why a function cannot be called, in the words of the extension. */
export function notRegistered(app: FunctionApp, kind: "orchestrator" | "activity", name: string): string {
  const trigger = kind === "orchestrator" ? "orchestrationTrigger" : "activityTrigger";
  const known = app.all().filter((fn) => fn.trigger.type === trigger);
  const names = known.map((fn) => `'${fn.name}'`).join(", ") || "none";
  return `The function '${name}' doesn't exist, is disabled, or is not an ${kind} function. Additional info: The following are the known ${kind} functions: ${names}.`;
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
