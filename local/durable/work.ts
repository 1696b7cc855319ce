import type { Clock } from "../clock";

/** What is under way: a skipping clock does not jump meanwhile. */
interface Work {
  /** A rejection is left unhandled and so ends the process: the journal cannot be written. */
  start(run: () => Promise<void>): void;
  /** Ends when nothing is under way. */
  ended(): Promise<void>;
}

export function createWork(clock: Clock): Work {
  const underWay = new Set<Promise<void>>();
  return {
    start(run) {
      const release = clock.hold();
      const promise = run().finally(() => {
        underWay.delete(promise);
        release();
      });
      underWay.add(promise);
    },
    async ended() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

/** Runs at most `limit` of the calls at a time; the others wait in order. */
export function createLimiter(limit: number): <T>(run: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (run) => {
    if (running < limit) running++;
    else await new Promise<void>((free) => waiting.push(free));
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
