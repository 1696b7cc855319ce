import { createHash } from "node:crypto";
import { type Attempt, done } from "../../domain/attempt";
import { type Indicator, indicatorKey } from "../../domain/indicators/indicator";
import { defined } from "../../domain/json";
import { type Claim, type LookupCache, lifetimeMs, type Settlement } from "../../domain/lookups/lookup-cache";
import type { Outcome } from "../../domain/lookups/provider";
import { type CacheState, cacheStateFrom, textOfCacheState } from "./lookup-cache-state";
import type { Columns, Row, RowKey } from "./row";
import type { Change, Table } from "./table";

/** A lookup takes at most half of it. */
const claimMs = 60_000;
const readAtOnce = 50;

interface Cache {
  readonly table: Table;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** The cache on one table, a row for each indicator and source. */
export function createLookupCache(cache: Cache): LookupCache {
  return {
    recall: (source, indicators) => recall(cache, source, indicators),
    claim: (source, indicators, owner) => claimAll(cache, source, indicators, owner),
    settle: (source, settlements) => settle(cache, source, settlements),
    purge: (before) => purge(cache, before),
  };
}

async function recall(
  cache: Cache,
  source: string,
  indicators: readonly Indicator[],
): Promise<Attempt<readonly (Outcome | undefined)[]>> {
  const outcomes: (Outcome | undefined)[] = [];
  for (const some of inParts(indicators)) {
    const rows = await Promise.all(some.map((each) => cache.table.read(keyOf(source, each))));
    for (const row of rows) {
      if (row.kind !== "done") return row;
      outcomes.push(keptOutcome(cache, row.value));
    }
  }
  return done(outcomes);
}

async function claimAll(
  cache: Cache,
  source: string,
  indicators: readonly Indicator[],
  owner: string,
): Promise<Attempt<readonly Claim[]>> {
  const keys = indicators.map((indicator) => keyOf(source, indicator));
  const columns = claimColumns(cache, { owner });
  const inserted = await cache.table.writeAll(
    source,
    keys.map(({ row }) => ({ row, columns })),
  );
  if (inserted.kind !== "done") return inserted;
  if (inserted.value) return done(inserted.value.map((etag, i) => claimed(keys[i]?.row ?? "", etag)));
  // Some are known or claimed already: each is asked for by itself.
  return allDone(await Promise.all(keys.map((key) => claimOne(cache, key, owner))));
}

/** Claims a row that existed a moment ago. An unreadable row is overwritten. */
async function claimOne(cache: Cache, key: RowKey, owner: string): Promise<Attempt<Claim>> {
  const { table } = cache;
  const read = await table.read(key);
  if (read.kind !== "done") return read;
  const outcome = keptOutcome(cache, read.value);
  if (outcome) return done({ kind: "known", outcome });
  const { owner: present, continuation } = stateOf(cache, read.value) ?? {};
  if (present !== undefined && present !== owner) return done({ kind: "busy" });
  const columns = claimColumns(cache, { owner, ...defined({ continuation }) });
  const written = read.value
    ? await table.replace(key, columns, read.value.etag)
    : await table.insert(key, columns);
  if (written.kind !== "done") return written;
  return done(written.value === undefined ? { kind: "busy" } : claimed(key.row, written.value, continuation));
}

async function settle({ table, now }: Cache, source: string, settlements: readonly Settlement[]) {
  const kept = settlements.filter((settlement) => lifetimeMs(settlement) > 0);
  const givenUp = settlements.filter((settlement) => !kept.includes(settlement));
  const removals = givenUp.map(({ claimId: { row, etag } }) =>
    table.remove({ partition: source, row }, etag),
  );
  const changes = kept.map((settlement) => keptChange(settlement, now()));
  const first = await table.writeAll(source, changes);
  // What is not kept is looked up, and paid for, again.
  const written = first.kind === "again" ? await table.writeAll(source, changes) : first;
  // Another run has taken one of the claims: the other results are kept.
  const single = written.kind === "done" && written.value === undefined ? changes : [];
  await Promise.all([...removals, ...single.map((change) => table.writeAll(source, [change]))]);
}

async function purge({ table }: Cache, before: number): Promise<Attempt<number>> {
  for (let purged = 0; ; ) {
    const rows = await table.expired(before);
    if (rows.kind !== "done") return rows;
    if (rows.value.length === 0) return done(purged);
    for (const some of inParts(rows.value)) {
      const removed = allDone(await Promise.all(some.map((row) => table.remove(row, row.etag))));
      if (removed.kind !== "done") return removed;
    }
    purged += rows.value.length;
  }
}

function stateOf({ now }: Cache, row: Row | undefined): CacheState | undefined {
  return row && row.expiresAt > now() ? cacheStateFrom(row.state) : undefined;
}

/** The outcome, with the instant at which it was cached. */
function keptOutcome(cache: Cache, row: Row | undefined): Outcome | undefined {
  const outcome = stateOf(cache, row)?.outcome;
  return outcome && row && { ...outcome, keptSince: row.expiresAt - lifetimeMs({ outcome }) };
}

function claimColumns({ now }: Cache, state: CacheState): Columns {
  return { state: textOfCacheState(state), expiresAt: now() + claimMs };
}

function claimed(row: string, etag: string, continuation?: string): Claim {
  return { kind: "claimed", claimId: { row, etag }, ...defined({ continuation }) };
}

function keptChange({ claimId: { row, etag }, outcome, continuation }: Settlement, now: number): Change {
  const state = outcome ? { outcome } : defined({ continuation });
  const expiresAt = now + lifetimeMs({ outcome, continuation });
  return { row, etag, columns: { state: textOfCacheState(state), expiresAt } };
}

/**
 * A hash, because canonical values contain characters that keys may not. URLs with different fragments have different
 * keys.
 */
function keyOf(source: string, indicator: Indicator): RowKey {
  const key = indicatorKey(indicator) + (indicator.fragment ?? "");
  return { partition: source, row: createHash("sha256").update(key).digest("hex") };
}

/** All values, or the first attempt without one. */
function allDone<T>(attempts: readonly Attempt<T>[]): Attempt<readonly T[]> {
  const values: T[] = [];
  for (const attempt of attempts) {
    if (attempt.kind !== "done") return attempt;
    values.push(attempt.value);
  }
  return done(values);
}

function inParts<T>(items: readonly T[]): readonly (readonly T[])[] {
  const parts = Math.ceil(items.length / readAtOnce);
  return Array.from({ length: parts }, (_, i) => items.slice(i * readAtOnce, (i + 1) * readAtOnce));
}
