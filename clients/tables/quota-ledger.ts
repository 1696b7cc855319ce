import { z } from "zod";
import { type Attempt, again, done } from "../../domain/attempt";
import { defined, jsonFrom } from "../../domain/json";
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
import type {
  Account,
  AutoQuota,
  QuotaLedger,
  QuotaStanding,
  SlotRequest,
  Slots,
} from "../../domain/lookups/quota-ledger";
import type { Row } from "./row";
import { createRowWriter, type RowWriter, type Step } from "./row-writer";
import type { Table } from "./table";

/** One row of the table: how much of a key's quota was used, and what its service has reported and refused. */
interface State {
  readonly use: QuotaUse;
  readonly paused?: Wait | undefined;
  readonly closed?: Wait | undefined;
  readonly known?: KnownQuota | undefined;
  /** Instants until which something counts as refused, epoch milliseconds. */
  readonly refusals?: Readonly<Record<string, number>> | undefined;
}

/** What `auto` stands for: everything that the service has reported, and when to read it again. Epoch milliseconds. */
interface KnownQuota {
  readonly quota: Partial<Quota>;
  readonly goodUntil: number;
  /** When a refusal was last a reason to read it again. */
  readonly doubtedAt?: number | undefined;
}

/** The time within which the caller that reads the quota from the service has to store it. */
const askingMs = 60_000;
/** A refusal may mean that others use up the key. Of many refusals in a row, one is reason enough to read the quota. */
const doubtMs = 10 * 60_000;

/** The ledger of all keys on one table, a row for each key, changed by optimistic concurrency. */
export function createQuotaLedger(options: {
  readonly table: Table;
  /** Epoch milliseconds. */
  readonly now: () => number;
}): QuotaLedger {
  const ledger: Ledger = { now: options.now, rows: createRowWriter({ ...options, stateOf }) };
  return {
    take: (request) => take(ledger, request),
    async pause(account, wait) {
      await change(ledger, account, (state, at) => [paused(state, wait, at), undefined]);
    },
    async close(account, wait) {
      await change(ledger, account, (state) => [{ ...state, closed: later(state.closed, wait) }, undefined]);
    },
    async giveBack(account, slots) {
      await change(ledger, account, (state) => [
        { ...state, use: withoutRequests(state.use, slots) },
        undefined,
      ]);
    },
    async refusals(account) {
      const read = await change(ledger, account, (state) => [state, state.refusals ?? {}]);
      return read.kind === "done" ? read.value : {};
    },
    async refuse(account, name, until) {
      await change(ledger, account, (state, at) => [withRefusal(state, name, until, at), undefined]);
    },
  };
}

interface Ledger {
  readonly rows: RowWriter<State>;
  readonly now: () => number;
}

function change<R>({ rows }: Ledger, { owner, keyId }: Account, step: Step<State, R>) {
  return rows.change({ partition: owner, row: keyId }, step);
}

async function take(ledger: Ledger, request: SlotRequest): Promise<Attempt<Slots>> {
  const first = await takeOrAsk(ledger, request);
  if (first.kind !== "done" || first.value !== "ask") return first as Attempt<Slots>;
  if (request.auto) await ask(ledger, request.account, request.auto);
  const second = await takeOrAsk(ledger, request);
  if (second.kind !== "done" || second.value !== "ask") return second as Attempt<Slots>;
  return again("The service's answer about the quota could not be kept.");
}

/** `ask`: this caller, and no other one for a minute, reads the quota from the service. */
async function takeOrAsk(ledger: Ledger, request: SlotRequest): Promise<Attempt<Slots | "ask">> {
  const changed = await change(ledger, request.account, (state, at) => slotsOrAsk(state, request, at));
  return changed.kind === "busy" ? done(busy(request, ledger.now())) : changed;
}

function slotsOrAsk(state: State, request: SlotRequest, at: number): readonly [State, Slots | "ask"] {
  const { quota, auto } = request;
  const { known } = state;
  if (auto && at >= (known?.goodUntil ?? 0))
    return [{ ...state, known: { quota: {}, ...known, goodUntil: at + askingMs } }, "ask"];
  const limits = limitsFrom(quota, { ...auto?.assumed, ...known?.quota });
  const { perMinute } = limits;
  const until = (wait: Wait | undefined) => (wait && at < wait.freeAt ? wait : undefined);
  const pause = until(state.paused);
  if (pause) return [state, { granted: 0, perMinute, wait: pause }];
  const closed = until(state.closed);
  const wanted = closed ? request.begun : request.wanted;
  const { granted, use, wait } = takeFrom(limits, state.use, { wanted, urgent: request.urgent }, at);
  const slots = { granted, perMinute, ...defined({ wait, closed }) };
  const isCounted = granted > 0 && Object.values(limits).some((limit) => limit > 0);
  return isCounted
    ? [
        { ...state, use },
        { ...slots, standing: standingOf(use, limits) },
      ]
    : [state, slots];
}

function standingOf({ day, month }: QuotaUse, { perDay, perMonth }: Quota): QuotaStanding {
  return { usedToday: day.requests, perDay, usedThisMonth: month.requests, perMonth };
}

/** Waiting for one's turn is not a fault. Waiting callers retry at different times. */
function busy({ quota, auto }: SlotRequest, now: number): Slots {
  const { perMinute } = limitsFrom(quota, { ...auto?.assumed });
  const freeAt = now + Math.round(1_000 + Math.random() * 4_000);
  const reason = "too many lookups need the key's quota at the same time";
  return { granted: 0, perMinute, wait: { freeAt, reason }, busy: true };
}

/** Reads the quota from the service and stores it. A failed reading changes nothing. */
async function ask(ledger: Ledger, account: Account, auto: AutoQuota): Promise<void> {
  const reading = await auto.read();
  await change(ledger, account, (state, at) => [
    {
      ...state,
      use: withReading(state.use, reading, at),
      known: {
        ...state.known,
        quota: { ...state.known?.quota, ...reading.quota },
        goodUntil: at + reading.goodForSeconds * 1000,
      },
    },
    undefined,
  ]);
}

function paused(state: State, wait: Wait, at: number): State {
  const { known } = state;
  const isDoubted = known && at >= (known.doubtedAt ?? 0) + doubtMs;
  return {
    ...state,
    paused: later(state.paused, wait),
    ...(isDoubted ? { known: { ...known, goodUntil: 0, doubtedAt: at } } : {}),
  };
}

/** Expired refusals are dropped. */
function withRefusal(state: State, name: string, until: number, at: number): State {
  const current = Object.entries(state.refusals ?? {}).filter(([, end]) => end > at);
  return { ...state, refusals: { ...Object.fromEntries(current), [name]: until } };
}

const later = (a: Wait | undefined, b: Wait) => (a && a.freeAt > b.freeAt ? a : b);

function limitsFrom(setting: QuotaSetting, known: Partial<Quota>): Quota {
  const limit = (name: keyof Quota) => (setting[name] === "auto" ? (known[name] ?? 0) : setting[name]);
  return { perMinute: limit("perMinute"), perDay: limit("perDay"), perMonth: limit("perMonth") };
}

const unused: State = { use: nothingUsed };

const number = z.number();
const counter = z.object({ since: number, requests: number });
const wait = z.object({ freeAt: number, reason: z.string() }).optional().catch(undefined);
const limit = number.optional().catch(undefined);
const recent = z.array(z.tuple([number, number]).readonly()).readonly();
const stateSchema = z.object({
  use: z.object({ recent, day: counter, month: counter }).catch(nothingUsed),
  paused: wait,
  closed: wait,
  known: z
    .object({
      quota: z.object({ perMinute: limit, perDay: limit, perMonth: limit }).transform(defined),
      goodUntil: number,
      doubtedAt: limit,
    })
    .optional()
    .catch(undefined),
  refusals: z.record(z.string(), number).optional().catch(undefined),
});

/** An unreadable row, perhaps of another version of the app, counts as absent: the service still enforces its quota. */
function stateOf(row: Row | undefined): State {
  return row ? (stateSchema.safeParse(jsonFrom(row.state)).data ?? unused) : unused;
}
