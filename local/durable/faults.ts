import type { Instance } from "./instances";
import type { IncomingEvent } from "./protocol";

/** What the real runtime does now and then, done all the time: for tests of orchestrators. The same seed draws the same. */
export interface RuntimeFaults {
  readonly seed?: number;
  /** Timers fire up to a second early. */
  readonly earlyTimers?: boolean;
  /** An event sent to an instance that has not had its first turn is lost, although the answer is 202. */
  readonly loseEventsAtPending?: boolean;
  /** Each activity runs twice, and the result of the second run counts: the first host died before it reported one. */
  readonly runActivitiesTwice?: boolean;
  /** Each result of an activity is on its way for up to a second: they arrive in any order. */
  readonly shuffleResults?: boolean;
  /** Longest pause before each turn and each activity, milliseconds. */
  readonly pauseMs?: number;
  /**
   * Passes between a start's check that its instance does not run and the write of the instance: all starts of one
   * id that come meanwhile are accepted, and the last one written is the run. A real host needs some milliseconds.
   */
  readonly startGap?: () => Promise<void>;
}

/** The decisions that follow from the options, drawn again each time. */
interface Faults {
  earlyMs(): number;
  resultDelayMs(): number;
  pauseMs(): number;
  loses(event: IncomingEvent, addressee: Instance | undefined): boolean;
  readonly activityRuns: number;
}

const secondMs = 1000;

export function createFaults(options: RuntimeFaults): Faults {
  const random = seededRandom(options.seed ?? 0);
  const upTo = (most: number) => (most === 0 ? 0 : Math.floor(random() * (most + 1)));
  return {
    earlyMs: () => upTo(options.earlyTimers ? secondMs : 0),
    resultDelayMs: () => upTo(options.shuffleResults ? secondMs : 0),
    pauseMs: () => upTo(options.pauseMs ?? 0),
    loses: (event, addressee) =>
      options.loseEventsAtPending === true &&
      event.EventType === "EventRaised" &&
      addressee?.status === "Pending",
    activityRuns: options.runActivitiesTwice ? 2 : 1,
  };
}

/** Numbers from 0 up to, not including, 1 (mulberry32): small and good enough for tests. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
