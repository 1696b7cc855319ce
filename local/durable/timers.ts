import type { Alarm, Clock } from "../clock";

/** Alarms of durable timers, by execution. */
interface Timers {
  arm(executionId: string, fireAt: number, ring: () => void): void;
  /** Of an execution that is over. */
  cancelAll(executionId: string): void;
  /** Of the whole hub. */
  stop(): void;
}

export function createTimers(clock: Clock): Timers {
  const armed = new Map<string, Set<Alarm>>();
  const cancelAll = (executionId: string) => {
    for (const alarm of armed.get(executionId) ?? []) alarm.cancel();
    armed.delete(executionId);
  };
  return {
    arm(executionId, fireAt, ring) {
      const alarms = armed.get(executionId) ?? new Set();
      armed.set(executionId, alarms);
      const alarm = clock.alarm(fireAt, () => {
        alarms.delete(alarm);
        ring();
      });
      alarms.add(alarm);
    },
    cancelAll,
    stop: () => {
      for (const executionId of [...armed.keys()]) cancelAll(executionId);
    },
  };
}
