import { setImmediate as nextLoop } from "node:timers/promises";
import type { Clock } from "../clock";
import type { FunctionApp } from "../function-app";
import { createFaults, type RuntimeFaults } from "./faults";
import {
  apply,
  type Commit,
  executionIdOf,
  type Instance,
  type Instances,
  isDeliverable,
  isDue,
  isTerminal,
  type Message,
  openWork,
  type TurnCommit,
} from "./instances";
import type { Journal } from "./journal";
import {
  isoFrom,
  type SchedulingEvent,
  type TaskCompleted,
  type TaskFailed,
  type TaskScheduled,
  type TimerCreated,
} from "./protocol";
import { createTimers } from "./timers";
import { runTurn } from "./turn";
import { createLimiter, createWork } from "./work";
import { type ActivityAnswer, callActivity } from "./worker-calls";

interface EngineOptions {
  readonly app: FunctionApp;
  readonly clock: Clock;
  readonly journal: Journal;
  /** As an earlier process left them. */
  readonly instances: Instances;
  readonly maxConcurrentActivities: number;
  /** Version that new instances get, for good. */
  readonly orchestrationVersion: string | null;
  /** How long finished instances outlast a compaction of the journal. */
  readonly retentionMs: number;
  readonly faults: RuntimeFaults;
  readonly clientBinding: () => string;
}

export interface Engine {
  readonly instances: ReadonlyMap<string, Instance>;
  /** Commits a message and lets its instance take it in; a message without a receiver is dropped. */
  send(message: Message): void;
  purge(instanceIds: readonly string[]): void;
  /** Starts no turn and no activity any more, ends when those under way have ended, and closes the journal. */
  stop(): Promise<void>;
}

/**
 * Executes orchestrations: one turn at a time per instance; what a turn has taken in is gone only with its commit;
 * scheduled work starts after the commit. A process that takes up the commits of another one runs activities without
 * result again.
 */
export function startEngine(options: EngineOptions): Engine {
  const { app, clock, journal, instances } = options;
  const inTurn = new Set<Instance>();
  const work = createWork(clock);
  const timers = createTimers(clock);
  const limited = createLimiter(options.maxConcurrentActivities);
  const faults = createFaults(options.faults);
  let stopped: Promise<void> | undefined;

  const commit = (change: Commit) => {
    journal.append(change);
    apply(instances, change);
    if (journal.isLarge()) compact();
  };

  const compact = () => {
    const oldest = clock.now() - options.retentionMs;
    for (const instance of instances.values())
      if (isTerminal(instance) && Date.parse(instance.updatedAt) < oldest) instances.delete(instance.id);
    journal.replace([...instances.values()].map((instance) => ({ kind: "instance", instance })));
  };

  const send = (message: Message) => {
    if (!isDeliverable(instances, message) || faults.loses(message.event, instances.get(message.to))) return;
    commit({ kind: "message", message });
    wake(message.to);
  };

  const wake = (instanceId: string) => {
    const instance = instances.get(instanceId);
    if (!instance || stopped || inTurn.has(instance) || !isDue(instance)) return;
    inTurn.add(instance);
    later(faults.pauseMs(), () => work.start(() => takeTurn(instance)));
  };

  const later = (delayMs: number, run: () => void) => {
    if (delayMs === 0) run();
    else if (!stopped) timers.arm("delays", clock.now() + delayMs, run);
  };

  const takeTurn = async (instance: Instance) => {
    // What arrives together is taken in together.
    await nextLoop();
    if (!stopped && isCurrent(instance)) {
      const turn = await runTurn(app, clock, instance, options.orchestrationVersion);
      // Replaced or purged meanwhile: the turn never happened.
      if (isCurrent(instance)) finishTurn(instance, turn);
    }
    // No await between this and the check of the inbox: a later message finds the instance asleep and wakes it.
    inTurn.delete(instance);
    wake(instance.id);
  };

  const isCurrent = (instance: Instance) => instances.get(instance.id) === instance;

  const finishTurn = (instance: Instance, turn: TurnCommit) => {
    const executionId = executionIdOf(instance);
    commit(turn);
    if (turn.completed || turn.continued) timers.cancelAll(executionId);
    startWork(instance.id, executionId, turn.scheduled, !turn.completed);
    for (const { to } of turn.sent) wake(to);
  };

  const startWork = (
    instanceId: string,
    executionId: string,
    scheduled: readonly SchedulingEvent[],
    withTimers: boolean,
  ) => {
    for (const event of scheduled) {
      if (event.EventType === "TaskScheduled") runActivity(instanceId, executionId, event);
      if (event.EventType === "TimerCreated" && withTimers) arm(instanceId, executionId, event);
    }
  };

  const runActivity = (to: string, executionId: string, event: TaskScheduled) =>
    later(faults.pauseMs(), () =>
      work.start(() =>
        limited(async () => {
          if (stopped) return;
          for (let run = 1; run < faults.activityRuns; run++) await call(to, event);
          const ended = activityEnded(event.EventId, await call(to, event), clock.now());
          later(faults.resultDelayMs(), () => send({ to, executionId, event: ended }));
        }),
      ),
    );

  const call = (to: string, event: TaskScheduled) => callActivity(app, to, event, options.clientBinding);

  /** A cancelled timer fires, too; no task waits for it. Its event has the time of its creation, as in reality. */
  const arm = (to: string, executionId: string, { EventId, FireAt, Timestamp }: TimerCreated) =>
    timers.arm(executionId, Date.parse(FireAt) - faults.earlyMs(), () =>
      send({ to, executionId, event: { EventType: "TimerFired", TimerId: EventId, FireAt, Timestamp } }),
    );

  const shutDown = async () => {
    timers.stop();
    await work.ended();
    journal.close();
  };

  for (const instance of instances.values()) {
    if (isTerminal(instance)) continue;
    const { activities, timers: open } = openWork(instance);
    startWork(instance.id, executionIdOf(instance), [...activities, ...open], true);
    wake(instance.id);
  }

  return {
    instances,
    send,
    purge(instanceIds) {
      for (const id of instanceIds) {
        const instance = instances.get(id);
        if (instance) timers.cancelAll(executionIdOf(instance));
      }
      commit({ kind: "purge", instanceIds });
    },
    stop: () => {
      stopped ??= shutDown();
      return stopped;
    },
  };
}

function activityEnded(
  TaskScheduledId: number,
  answer: ActivityAnswer,
  at: number,
): TaskCompleted | TaskFailed {
  const common = { TaskScheduledId, Timestamp: isoFrom(at) };
  return answer.kind === "result"
    ? { EventType: "TaskCompleted", Result: answer.result, ...common }
    : { EventType: "TaskFailed", Reason: answer.reason, Details: answer.details, ...common };
}
