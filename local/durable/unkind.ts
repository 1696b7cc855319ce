import type { Instance } from "./instances";
import type { IncomingEvent } from "./protocol";

/** What the real runtime does now and then, done all the time: for tests of orchestrators. The same seed draws the same. */
export interface Unkind {
  readonly seed?: number;
  /** Timers fire up to a second early. */
  readonly earlyTimers?: boolean;
  /** An event sent to an instance that has not had its first turn is lost, though its sender is told 202. */
  readonly loseEventsAtPending?: boolean;
  /** Each activity runs twice, and the result of the second run counts: the first host died before it could tell. */
  readonly runActivitiesTwice?: boolean;
  /** Each result of an activity is on its way for up to a second: they arrive in any order. */
  readonly shuffleResults?: boolean;
  /** Longest pause before each turn and each activity, milliseconds. */
  readonly pauseMs?: number;
}

/** The decisions that follow from the options, drawn anew each time. */
interface Whims {
  earlyMs(): number;
  resultDelayMs(): number;
  pauseMs(): number;
  loses(event: IncomingEvent, addressee: Instance | undefined): boolean;
  readonly activityRuns: number;
}

const secondMs = 1000;

export function createWhims(unkind: Unkind): Whims {
  const random = seededRandom(unkind.seed ?? 0);
  const upTo = (most: number) => (most === 0 ? 0 : Math.floor(random() * (most + 1)));
  return {
    earlyMs: () => upTo(unkind.earlyTimers ? secondMs : 0),
    resultDelayMs: () => upTo(unkind.shuffleResults ? secondMs : 0),
    pauseMs: () => upTo(unkind.pauseMs ?? 0),
    loses: (event, addressee) =>
      unkind.loseEventsAtPending === true &&
      event.EventType === "EventRaised" &&
      addressee?.status === "Pending",
    activityRuns: unkind.runActivitiesTwice ? 2 : 1,
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
