import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openTaskHub, type TaskHub } from "../../local/durable/task-hub";
import type { FunctionApp, Invocation } from "../../local/function-app";
import { loadApp } from "../../local/host/core-module";
import { manage, serveHub } from "./hub-server";
import { type ManualClock, manualClock } from "./manual-clock";

export const goldenFolder = join(__dirname, "../fixtures/golden");

/** Functions of the recordings. */
export const goldenApp = (): FunctionApp => loadApp(join(goldenFolder, "app.cjs"), () => {});

type Json = Readonly<Record<string, unknown>>;
type RecordedEvent = Json & { readonly EventType: string; readonly Timestamp: string };

interface RecordedTurn {
  readonly instanceId: string;
  readonly parentInstanceId?: string;
  /** New since the turn before. */
  readonly events: readonly RecordedEvent[];
  readonly returned?: unknown;
  readonly failed?: unknown;
}

export interface Recording {
  readonly about: string;
  readonly turns: readonly RecordedTurn[];
  readonly statuses: readonly { readonly status: number; readonly body: { readonly instanceId: string } }[];
}

export const recordings: readonly string[] = readdirSync(join(goldenFolder, "orchestrations")).map((file) =>
  file.replace(".json", ""),
);

/** Turns of one execution: a new one begins with the start of it. */
export function executions(turns: readonly RecordedTurn[]): RecordedTurn[][] {
  const latest = new Map<string, RecordedTurn[]>();
  const all: RecordedTurn[][] = [];
  for (const turn of turns) {
    let execution = latest.get(turn.instanceId);
    if (!execution || turn.events.some((event) => event.EventType === "ExecutionStarted")) {
      execution = [];
      latest.set(turn.instanceId, execution);
      all.push(execution);
    }
    execution.push(turn);
  }
  return all;
}

export const readGolden = (file: string): unknown =>
  JSON.parse(readFileSync(join(goldenFolder, file), "utf8"));

/** What a run of the recorded functions on the engine looked like, in the recording's form. */
interface Played {
  readonly turns: readonly RecordedTurn[];
  readonly statuses: readonly { readonly status: number; readonly body: unknown }[];
}

/**
 * Runs the functions of a recording on the engine: turn by turn its clock is set to the recorded time and what the
 * turn took in is made to arrive.
 */
export async function play(recording: Recording): Promise<Played> {
  const clock = manualClock();
  const gates = createGates(recording);
  const observed = observe(goldenApp(), gates);
  const server = await serveHub((authority) =>
    openTaskHub({ app: observed.app, clock, name: "TestHubName", authority }),
  );
  try {
    for (const turn of recording.turns) {
      const started = turn.events.findLast((event) => event.EventType === "OrchestratorStarted");
      clock.set(Date.parse(started?.Timestamp ?? ""));
      for (const event of incoming(turn.events)) await arrive(event, turn, { clock, gates, hub: server.hub });
      await clock.idle(gates.waiting);
    }
    const statuses = [];
    for (const { body } of recording.statuses) {
      const query = new URLSearchParams({ showHistory: "true", showHistoryOutput: "true" });
      const reply = await manage(server.hub, "GET", `instances/${body.instanceId}`, { query });
      statuses.push({ status: reply.status, body: JSON.parse(reply.body) });
    }
    return { turns: observed.turns(), statuses };
  } finally {
    gates.openAll();
    await server.close();
  }
}

function incoming(events: readonly RecordedEvent[]): readonly RecordedEvent[] {
  const at = events.findLastIndex((event) => event.EventType === "OrchestratorStarted");
  return events.slice(at + 1);
}

interface Stage {
  readonly clock: ManualClock;
  readonly gates: Gates;
  readonly hub: TaskHub;
}

/** Children, their results and new generations come by themselves, and so does what an activity of the app raises. */
async function arrive(event: RecordedEvent, turn: RecordedTurn, { clock, gates, hub }: Stage): Promise<void> {
  const id = turn.instanceId;
  const post = (path: string, body = "", reason?: unknown) =>
    manage(hub, "POST", path, {
      body,
      headers: { "content-type": "application/json" },
      query: new URLSearchParams(reason === undefined ? {} : { reason: String(reason) }),
    });
  const isRoot = turn.parentInstanceId === undefined && !turn.events.some(isCompletedMarker);
  const arrivals: Record<string, () => unknown> = {
    ExecutionStarted: () => isRoot && post(`orchestrators/${event.Name}/${id}`, String(event.Input)),
    TaskCompleted: () => gates.open(id, Number(event.TaskScheduledId)),
    TaskFailed: () => gates.open(id, Number(event.TaskScheduledId)),
    TimerFired: () => clock.ring(Date.parse(String(event.FireAt))),
    EventRaised: () =>
      id !== raisedByActivity && post(`instances/${id}/raiseEvent/${event.Name}`, String(event.Input)),
    ExecutionTerminated: () => post(`instances/${id}/terminate`, "", event.Input),
    ExecutionSuspended: () => post(`instances/${id}/suspend`, "", event.Reason),
    ExecutionResumed: () => post(`instances/${id}/resume`, "", event.Reason),
  };
  await arrivals[event.EventType]?.();
}

const isCompletedMarker = (event: RecordedEvent) => event.EventType === "OrchestratorCompleted";

/** In `client-in-activity` its activity raises the event. */
const raisedByActivity = "k-target";

/** Activities have done their work at once, and their result waits here until the recording has it arrive. */
interface Gates {
  /** To be called when an activity starts; what it returns, when it has ended. */
  enter(instanceId: string): () => Promise<void>;
  open(instanceId: string, taskId: number): void;
  openAll(): void;
  waiting(): number;
}

function createGates(recording: Recording): Gates {
  const scheduled = new Map<string, number[]>();
  for (const turn of recording.turns) {
    const ids = turn.events
      .filter((event) => event.EventType === "TaskScheduled")
      .map((e) => Number(e.EventId));
    const key = comparable(turn.instanceId);
    scheduled.set(key, [...(scheduled.get(key) ?? []), ...ids]);
  }
  const closed: { key: string; taskId: number | undefined; pass: () => void }[] = [];
  return {
    enter(instanceId) {
      const key = comparable(instanceId);
      const taskId = scheduled.get(key)?.shift();
      return () => new Promise((pass) => void closed.push({ key, taskId, pass }));
    },
    open(instanceId, taskId) {
      const key = comparable(instanceId);
      const at = closed.findIndex((gate) => gate.key === key && gate.taskId === taskId);
      if (at < 0) throw new Error(`No activity of ${instanceId} waits to give the result of task ${taskId}.`);
      closed.splice(at, 1)[0]?.pass();
    },
    openAll: () => {
      for (const gate of closed.splice(0)) gate.pass();
    },
    waiting: () => closed.length,
  };
}

/** Wraps an app so that its turns are noted and its activities wait at their gate. */
function observe(app: FunctionApp, gates: Gates): { app: FunctionApp; turns: () => readonly RecordedTurn[] } {
  const turns: RecordedTurn[] = [];
  const seen = new Map<string, number>();
  const noted = async (invocation: Invocation, call: () => ReturnType<FunctionApp["invoke"]>) => {
    const turn = turnFrom(JSON.parse(String(invocation.inputs[0]?.data.string)), seen);
    try {
      const result = await call();
      turns.push({ ...turn, returned: JSON.parse(String(result.returnValue?.json)) });
      return result;
    } catch (error) {
      const [, state] = (error as Error).message.split("$OutOfProcData$:");
      turns.push({ ...turn, failed: JSON.parse(state ?? "null") });
      throw error;
    }
  };
  return {
    turns: () => turns,
    app: {
      ...app,
      invoke(fn, invocation) {
        const call = () => app.invoke(fn, invocation);
        if (fn.trigger.type === "orchestrationTrigger") return noted(invocation, call);
        return call().finally(gates.enter(String(invocation.triggerMetadata.instanceId?.string)));
      },
    },
  };
}

const eventNames: Record<number, string> = {
  0: "ExecutionStarted",
  3: "ExecutionTerminated",
  4: "TaskScheduled",
  5: "TaskCompleted",
  6: "TaskFailed",
  7: "SubOrchestrationInstanceCreated",
  8: "SubOrchestrationInstanceCompleted",
  9: "SubOrchestrationInstanceFailed",
  10: "TimerCreated",
  11: "TimerFired",
  12: "OrchestratorStarted",
  13: "OrchestratorCompleted",
  15: "EventRaised",
  19: "ExecutionSuspended",
  20: "ExecutionResumed",
};

/** Played are the events that came in by an earlier turn; markers and what the turn scheduled never are. */
const playable = new Set([0, 3, 5, 6, 8, 9, 11, 15, 19, 20]);

interface Payload {
  readonly instanceId: string;
  readonly parentInstanceId: string | null;
  readonly isReplaying: boolean;
  readonly history: readonly (Json & { EventType: number; EventId: number; IsPlayed: boolean })[];
}

function turnFrom(payload: Payload, seen: Map<string, number>): RecordedTurn {
  const start = payload.history.find((event) => event.EventType === 0);
  const key = JSON.stringify(start?.OrchestrationInstance);
  const old = seen.get(key) ?? 0;
  seen.set(key, payload.history.length);
  const misplayed = payload.history.filter(
    (event, index) => event.IsPlayed !== (index < old && playable.has(event.EventType)),
  );
  if (misplayed.length > 0 || payload.isReplaying !== old > 0)
    throw new Error(`Wrongly marked as played: ${JSON.stringify(misplayed)}`);
  const events = payload.history.slice(old).map(({ EventType, EventId, ...fields }) => ({
    EventType: eventNames[EventType] ?? String(EventType),
    ...(EventId === -1 ? {} : { EventId }),
    ...fields,
    Timestamp: String(fields.Timestamp),
  }));
  return {
    instanceId: payload.instanceId,
    ...(payload.parentInstanceId === null ? {} : { parentInstanceId: payload.parentInstanceId }),
    events,
  };
}

/** The turns of each instance; how the turns of different instances interleave is chance. */
export function byInstance(turns: readonly RecordedTurn[]): Record<string, unknown[]> {
  const grouped: Record<string, unknown[]> = {};
  for (const turn of turns) {
    const key = comparable(turn.instanceId);
    grouped[key] = [...(grouped[key] ?? []), comparable({ ...turn, events: turn.events.map(facts) })];
  }
  return grouped;
}

const factNames = new Set(
  "EventType EventId Name Input TaskScheduledId TimerId Result Reason FireAt InstanceId".split(" "),
);
const facts = (event: RecordedEvent) =>
  Object.fromEntries(
    Object.entries(event).filter(
      ([name, value]) => factNames.has(name) && (value !== null || name === "Result"),
    ),
  );

const instant = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g;
const uuid = /[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}/g;
/** What .NET adds to a failure. */
const details = / \n (\{"|Message:|\(details)[\s\S]*/;

/** Without times, random ids and stack traces. */
export function comparable<Value>(value: Value): Value {
  const text = JSON.stringify(value, (name, part) => {
    if (name === "Details") return undefined;
    return typeof part === "string"
      ? part.replace(details, "").replace(instant, "(time)").replace(uuid, "(id)")
      : part;
  });
  return JSON.parse(text);
}
