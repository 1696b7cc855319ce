import { checkSame } from "./determinism";
import { isoFrom, type SchedulingEvent, type Undated } from "./protocol";
import type { Done, Framework } from "./tasks";

/** What a replay keeps of the task framework's state (DurableTask.Core `TaskOrchestrationContext.cs`). */
export interface ReplayedFramework extends Framework {
  setNow(instant: number): void;
  /** A scheduling event of history: what the replay scheduled under its id has been sent before. */
  match(event: Undated<SchedulingEvent>): void;
  /** A result; ignored when its task is not open, or no longer. */
  complete(taskId: number, succeeded: boolean): void;
  raise(name: string): void;
  suspend(): void;
  resume(): void;
  hasOpenTasks(): boolean;
  /** Scheduled and not yet sent, in the order of ids. */
  unsent(): readonly Undated<SchedulingEvent>[];
  /** Input of the next generation, once the orchestrator has asked for one. */
  nextInput(): { readonly input: unknown } | undefined;
}

export function createFramework(executionId: string): ReplayedFramework {
  const openTasks = new Map<number, Done>();
  let unsent = new Map<number, Undated<SchedulingEvent>>();
  let withheld = new Map<number, Undated<SchedulingEvent>>();
  const waits = new Map<string, Done[]>();
  const buffered = new Map<string, number>();
  let next: { readonly input: unknown } | undefined;
  let nextId = 0;
  let now = 0;

  const schedule = (event: (id: number) => Undated<SchedulingEvent>): number => {
    const id = nextId++;
    unsent.set(id, event(id));
    return id;
  };
  const timer = (fireAt: number) =>
    schedule((EventId) => ({ EventType: "TimerCreated", FireAt: isoFrom(fireAt), EventId }));

  return {
    now: () => now,
    setNow: (instant) => {
      now = instant;
    },
    scheduleActivity(Name, input, done) {
      const Input = jsonTextOf(input);
      const id = schedule((EventId) => ({ EventType: "TaskScheduled", Name, Input, EventId }));
      openTasks.set(id, done);
    },
    scheduleSubOrchestration(Name, instanceId, input, done) {
      const Input = jsonTextOf(input);
      const id = schedule((EventId) => ({
        EventType: "SubOrchestrationInstanceCreated",
        Name,
        InstanceId: instanceId?.trim() ? instanceId : `${executionId}:${EventId}`,
        Input,
        EventId,
      }));
      openTasks.set(id, done);
    },
    createTimer(fireAt, done) {
      openTasks.set(timer(fireAt), done);
    },
    createCancelledTimer: timer,
    waitForEvent(name, done) {
      const key = name.toLowerCase();
      waits.set(key, [...(waits.get(key) ?? []), done]);
      const waiting = buffered.get(key) ?? 0;
      if (waiting === 0) return;
      buffered.set(key, waiting - 1);
      waits.get(key)?.pop();
      done(true);
    },
    continueAsNew(input) {
      next = { input };
    },
    match(event) {
      checkSame(event, unsent.get(event.EventId));
      unsent.delete(event.EventId);
    },
    complete(taskId, succeeded) {
      const done = openTasks.get(taskId);
      openTasks.delete(taskId);
      done?.(succeeded);
    },
    raise(name) {
      const key = name.toLowerCase();
      const latest = waits.get(key)?.pop();
      if (latest) latest(true);
      else buffered.set(key, (buffered.get(key) ?? 0) + 1);
    },
    suspend() {
      withheld = new Map([...withheld, ...unsent]);
      unsent = new Map();
    },
    resume() {
      unsent = new Map([...unsent, ...withheld]);
      withheld = new Map();
    },
    hasOpenTasks: () => openTasks.size > 0,
    unsent: () => [...unsent.values()].sort((a, b) => a.EventId - b.EventId),
    nextInput: () => next,
  };
}

/** JSON text; null for nothing. */
export const jsonTextOf = (value: unknown): string | null =>
  value === undefined || value === null ? null : JSON.stringify(value);
