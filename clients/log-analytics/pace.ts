/** https://learn.microsoft.com/azure/azure-monitor/service-limits#log-analytics-workspaces */
const limits = { atOnce: 5, perWindow: 200, windowMs: 30_000 };

/** A query that waits holds one of the host's activities, of which lookups need theirs: more come back later. */
const mostWaiting = 10;
const comeBackSeconds = 5;

/** A slot for one query, which has to be returned; or how long no query may be sent. */
export type Turn =
  | { readonly kind: "go"; readonly end: () => void }
  | { readonly kind: "wait"; readonly afterSeconds: number }
  | { readonly kind: "tooLate" };

export interface Pace {
  /** Waits for one of the queries under way to end, until the signal. */
  turn(signal: AbortSignal): Promise<Turn>;
  /** The service has asked for a pause. */
  pause(seconds: number): void;
}

/** Keeps the queries of this process within the limits that Log Analytics has for one identity. */
export function createPace(now: () => number): Pace {
  let free = limits.atOnce;
  let pausedUntil = 0;
  let sent: number[] = [];
  const waiting = new Set<() => void>();

  function next(): void {
    const [first] = waiting;
    if (!first || free === 0) return;
    waiting.delete(first);
    first();
  }

  function waitSeconds(): number {
    const at = now();
    sent = sent.filter((instant) => instant > at - limits.windowMs);
    const oldest = sent.length < limits.perWindow ? 0 : (sent[0] ?? 0) + limits.windowMs;
    return Math.max(pausedUntil - at, oldest - at, 0) / 1000;
  }

  function take(): Turn {
    const afterSeconds = waitSeconds();
    if (afterSeconds > 0) return { kind: "wait", afterSeconds };
    free--;
    sent.push(now());
    const end = () => {
      free++;
      next();
    };
    return { kind: "go", end };
  }

  return {
    turn(signal) {
      if (signal.aborted) return Promise.resolve({ kind: "tooLate" });
      if (free > 0) return Promise.resolve(take());
      if (waiting.size >= mostWaiting)
        return Promise.resolve({ kind: "wait", afterSeconds: comeBackSeconds });
      return new Promise((resolve) => {
        const go = () => {
          signal.removeEventListener("abort", giveUp);
          const turn = take();
          resolve(turn);
          if (turn.kind === "wait") next();
        };
        const giveUp = () => {
          waiting.delete(go);
          resolve({ kind: "tooLate" });
        };
        signal.addEventListener("abort", giveUp, { once: true });
        waiting.add(go);
      });
    },
    pause(seconds) {
      pausedUntil = Math.max(pausedUntil, now() + seconds * 1000);
    },
  };
}
