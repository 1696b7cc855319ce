import { setImmediate as nextLoop } from "node:timers/promises";
import type { Clock } from "../../local/clock";

/** A clock that stands still: the test sets it and rings the alarms. */
export interface ManualClock extends Clock {
  set(instant: number): void;
  /** Rings the alarm that is set nearest to this instant. */
  ring(at: number): void;
  /** Goes on to the earliest alarm and rings it; false when there is none. */
  skip(): boolean;
  /** Ends when at most `expected()` pieces of work are under way, and stay so. */
  idle(expected?: () => number): Promise<void>;
}

export function manualClock(start = 0): ManualClock {
  let now = start;
  let holds = 0;
  const alarms = new Set<{ readonly at: number; readonly ring: () => void }>();
  return {
    now: () => now,
    set: (instant) => {
      now = instant;
    },
    alarm(at, ring) {
      const alarm = { at, ring };
      alarms.add(alarm);
      return { cancel: () => void alarms.delete(alarm) };
    },
    hold() {
      holds++;
      return () => void holds--;
    },
    ring(at) {
      const [nearest] = [...alarms].sort((a, b) => Math.abs(a.at - at) - Math.abs(b.at - at));
      if (!nearest) throw new Error("No alarm is set.");
      alarms.delete(nearest);
      nearest.ring();
    },
    skip() {
      const [earliest] = [...alarms].sort((a, b) => a.at - b.at);
      if (!earliest) return false;
      now = Math.max(now, earliest.at);
      alarms.delete(earliest);
      earliest.ring();
      return true;
    },
    async idle(expected = () => 0) {
      for (let quiet = 0; quiet < 3; quiet++) {
        await nextLoop();
        if (holds > expected()) quiet = -1;
      }
    },
  };
}
