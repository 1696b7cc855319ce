/** https://learn.microsoft.com/azure/azure-monitor/service-limits#log-analytics-workspaces */
const limits = { atOnce: 5, perWindow: 200, windowMs: 30_000 };

/** A waiting query occupies one of the host's activities, which lookups need too: further queries are retried later. */
const mostWaiting = 10;
const comeBackSeconds = 5;

/** A slot for one query, which must be returned; or how long no query may be sent. */
export type Turn =
  | { readonly kind: "go"; readonly end: () => void }
  | { readonly kind: "wait"; readonly afterSeconds: number }
  | { readonly kind: "tooLate" };

interface TurnRequest {
  /** Aborted when the query is of no use any longer. */
  readonly signal: AbortSignal;
  /** A comment can be written without it: it respects all limits, and every other query goes first. */
  readonly isOptional: boolean;
}

export interface Pace {
  /** Waits until one of the current queries ends, or for the signal. */
  turn(request: TurnRequest): Promise<Turn>;
  /** The service has asked for a pause. */
  pause(seconds: number): void;
}

/**
 * Keeps the queries of this process within the limits that Log Analytics has per identity. Queries that a run depends on
 * (for the allowed indicators, or a provider's answer) are never refused here: they wait for a slot, before all others.
 */
export function createPace(now: () => number): Pace {
  let free = limits.atOnce;
  let pausedUntil = 0;
  let sent: number[] = [];
  const needed = new Set<() => void>();
  const optional = new Set<() => void>();

  function next(): void {
    const queue = needed.size > 0 ? needed : optional;
    const [first] = queue;
    if (!first || free === 0) return;
    queue.delete(first);
    first();
  }

  function waitSeconds(): number {
    const at = now();
    sent = sent.filter((instant) => instant > at - limits.windowMs);
    const oldest = sent.length < limits.perWindow ? 0 : (sent[0] ?? 0) + limits.windowMs;
    return Math.max(pausedUntil - at, oldest - at, 0) / 1000;
  }

  function take(isOptional: boolean): Turn {
    const afterSeconds = isOptional ? waitSeconds() : 0;
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
    turn({ signal, isOptional }) {
      if (signal.aborted) return Promise.resolve({ kind: "tooLate" });
      if (free > 0) return Promise.resolve(take(isOptional));
      if (isOptional && optional.size >= mostWaiting)
        return Promise.resolve({ kind: "wait", afterSeconds: comeBackSeconds });
      const queue = isOptional ? optional : needed;
      return new Promise((resolve) => {
        const go = () => {
          signal.removeEventListener("abort", giveUp);
          const turn = take(isOptional);
          resolve(turn);
          if (turn.kind === "wait") next();
        };
        const giveUp = () => {
          queue.delete(go);
          resolve({ kind: "tooLate" });
        };
        signal.addEventListener("abort", giveUp, { once: true });
        queue.add(go);
      });
    },
    pause(seconds) {
      pausedUntil = Math.max(pausedUntil, now() + seconds * 1000);
    },
  };
}
