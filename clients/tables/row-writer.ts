import { setTimeout as sleep } from "node:timers/promises";
import { type Attempt, again, done } from "../../domain/attempt";
import type { Row, RowKey } from "./row";
import type { Table } from "./table";

/**
 * One change of a row: its next state, and the result for the caller. Returning the same state means that there is nothing
 * to write. May be called several times, since another writer may come first.
 */
export type Step<S, R> = (state: S, now: number) => readonly [next: S, result: R];

/** `busy`: other writers came first until time ran out, and nothing was changed. */
type Changed<R> = Attempt<R> | { readonly kind: "busy" };

export interface RowWriter<S> {
  change<R>(key: RowKey, step: Step<S, R>): Promise<Changed<R>>;
}

/** Time for all tries of one write: an activity has other things to do. */
const patienceMs = 2_000;
const longestPauseMs = 200;

interface Waiting<S> {
  readonly step: Step<S, unknown>;
  readonly end: (changed: Changed<unknown>) => void;
}

/**
 * Changes rows that many callers want to change at once. Changes that arrive while this process is writing go into its
 * next write together, so that only instances compete for a row; they pause for a random time after each conflict.
 */
export function createRowWriter<S>(options: {
  readonly table: Table;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** The state in a row, or for a row that does not exist. */
  readonly stateOf: (row: Row | undefined) => S;
}): RowWriter<S> {
  const queues = new Map<string, Waiting<S>[]>();

  const writeQueue = async (name: string, key: RowKey) => {
    for (;;) {
      const batch = queues.get(name) ?? [];
      if (batch.length === 0) break;
      queues.set(name, []);
      try {
        await write(options, key, batch);
      } catch {
        // Later changes must not wait forever.
        for (const { end } of batch) end(again("The row could not be changed, for an internal error."));
      }
    }
    queues.delete(name);
  };

  return {
    change<R>(key: RowKey, step: Step<S, R>) {
      return new Promise<Changed<R>>((resolve) => {
        const waiting: Waiting<S> = { step, end: (changed) => resolve(changed as Changed<R>) };
        const name = JSON.stringify([key.partition, key.row]);
        const queue = queues.get(name);
        if (queue) queue.push(waiting);
        else {
          queues.set(name, [waiting]);
          void writeQueue(name, key);
        }
      });
    },
  };
}

/** Makes all changes of a batch in one write, and ends each of them. */
async function write<S>(
  { table, now, stateOf }: Parameters<typeof createRowWriter<S>>[0],
  key: RowKey,
  batch: readonly Waiting<S>[],
): Promise<void> {
  const endAll = (changed: Changed<never>) => {
    for (const { end } of batch) end(changed);
  };
  const limit = AbortSignal.timeout(patienceMs);
  for (let tries = 1; !limit.aborted; tries++) {
    const read = await table.read(key);
    if (read.kind !== "done") return endAll(read);
    const before = stateOf(read.value);
    const { state, results } = applied(batch, before, now());
    const written = state === before ? undefined : await writeState(table, key, state, read.value);
    if (written && written.kind !== "done") return endAll(written);
    if (!written || written.value !== undefined) {
      for (const [i, { end }] of batch.entries()) end(done(results[i]));
      return;
    }
    await sleep(Math.random() * Math.min(longestPauseMs, 20 * 2 ** tries));
  }
  endAll({ kind: "busy" });
}

function applied<S>(batch: readonly Waiting<S>[], before: S, now: number) {
  let state = before;
  const results = batch.map(({ step }) => {
    const [next, result] = step(state, now);
    state = next;
    return result;
  });
  return { state, results };
}

function writeState(table: Table, key: RowKey, state: unknown, row: Row | undefined) {
  const columns = { state: JSON.stringify(state), expiresAt: 0 };
  return row ? table.replace(key, columns, row.etag) : table.insert(key, columns);
}
