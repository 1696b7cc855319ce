import type { Attempt } from "../../domain/attempt";
import {
  nothingUsed,
  type Quota,
  type QuotaSetting,
  type QuotaUse,
  takeFrom,
  type Wait,
  withoutRequests,
  withReading,
} from "../../domain/lookups/quota";
import type { Account, AutoQuota, QuotaLedger, SlotRequest, Slots } from "../../domain/lookups/quota-ledger";
import type { Table } from "./table";

/** One row of the table: what has been used of a key's quota, and what its service has said. */
interface State {
  readonly use: QuotaUse;
  readonly paused?: Wait;
  readonly closed?: Wait;
  /** What `auto` stands for, until it is worth asking again (epoch milliseconds). */
  readonly told?: { readonly quota: Quota; readonly goodUntil: number };
}

const unused: State = { use: nothingUsed };

/** So many writers may come first before a write is given up; each of them got what it wanted. */
const mostConflicts = 40;
/** For all tries together: an activity has other things to do. */
const patienceMs = 3_000;
/** In which the one who asks a service for the quota has to come back with it. */
const askingMs = 60_000;

/** The ledger of all keys on one table, a row for each key, changed by optimistic concurrency. */
export function createQuotaLedger(options: {
  readonly table: Table;
  /** Epoch milliseconds. */
  readonly now: () => number;
}): QuotaLedger {
  const { table, now } = options;

  /** Reads the row, and writes what `step` makes of it unless that is the same object. */
  const change = async <T>(
    { owner, keyId }: Account,
    step: (state: State, now: number) => readonly [next: State, result: T],
  ): Promise<Attempt<T>> => {
    const key = { partition: owner, row: keyId };
    const limit = AbortSignal.timeout(patienceMs);
    for (let tries = 0; tries < mostConflicts && !limit.aborted; tries++) {
      const read = await table.read(key);
      if (read.kind !== "done") return read;
      const state = read.value ? (JSON.parse(read.value.state) as State) : unused;
      const [next, result] = step(state, now());
      if (next === state) return { kind: "done", value: result };
      const columns = { state: JSON.stringify(next), expiresAt: 0 };
      const written = read.value
        ? await table.replace(key, columns, read.value.etag)
        : await table.insert(key, columns);
      if (written.kind !== "done") return written;
      if (written.value !== undefined) return { kind: "done", value: result };
    }
    return { kind: "again", reason: "Too many lookups were asking for quota at once.", afterSeconds: 2 };
  };

  /** Asks the service. Only the one whose write marked the row does; others go by what is known meanwhile. */
  const ask = async (account: Account, auto: AutoQuota): Promise<Attempt<void>> => {
    const reading = await auto.read();
    return change(account, (state, at) => [
      {
        ...state,
        use: withReading(state.use, reading, at),
        told: { quota: reading.quota, goodUntil: at + reading.goodForSeconds * 1000 },
      },
      undefined,
    ]);
  };

  const take = (request: SlotRequest): Promise<Attempt<Slots | "ask">> =>
    change<Slots | "ask">(request.account, (state, at) => {
      const { quota, auto } = request;
      const told = state.told?.quota ?? auto?.assumed;
      if (auto && told && at >= (state.told?.goodUntil ?? 0))
        return [{ ...state, told: { quota: told, goodUntil: at + askingMs } }, "ask"];
      const limits = quotaFrom(quota, told);
      const { perMinute } = limits;
      const until = (wait: Wait | undefined) => (wait && at < wait.freeAt ? wait : undefined);
      const paused = until(state.paused);
      if (paused) return [state, { granted: 0, perMinute, wait: paused }];
      const closed = until(state.closed);
      const wanted = closed ? request.begun : request.wanted;
      const { granted, use, wait } = takeFrom(limits, state.use, { wanted, urgent: request.urgent }, at);
      const isCounted = granted > 0 && Object.values(limits).some((limit) => limit > 0);
      return [
        isCounted ? { ...state, use } : state,
        { granted, perMinute, ...(wait ? { wait } : {}), ...(closed ? { closed } : {}) },
      ];
    });

  return {
    async take(request) {
      const first = await take(request);
      if (first.kind !== "done" || first.value !== "ask") return first as Attempt<Slots>;
      if (request.auto) await ask(request.account, request.auto);
      const second = await take(request);
      if (second.kind !== "done" || second.value !== "ask") return second as Attempt<Slots>;
      return { kind: "again", reason: "The service's answer about the quota could not be kept." };
    },
    async pause(account, wait) {
      // Somebody else may have used the key up: what the service says of the quota is asked for again.
      await change(account, ({ told, ...state }) => [
        { ...state, paused: later(state.paused, wait), ...(told ? { told: { ...told, goodUntil: 0 } } : {}) },
        undefined,
      ]);
    },
    async close(account, wait) {
      await change(account, (state) => [{ ...state, closed: later(state.closed, wait) }, undefined]);
    },
    async giveBack(account, slots) {
      await change(account, (state) => [{ ...state, use: withoutRequests(state.use, slots) }, undefined]);
    },
  };
}

const later = (a: Wait | undefined, b: Wait) => (a && a.freeAt > b.freeAt ? a : b);

function quotaFrom(setting: QuotaSetting, told: Quota | undefined): Quota {
  const limit = (name: keyof Quota) => {
    const value = setting[name];
    return value === "auto" ? (told?.[name] ?? 0) : value;
  };
  return { perMinute: limit("perMinute"), perDay: limit("perDay"), perMonth: limit("perMonth") };
}
