import { createHash } from "node:crypto";
import type { Attempt } from "../../domain/attempt";
import { type Indicator, indicatorKey } from "../../domain/indicators/indicator";
import { type Claim, type LookupCache, lifetimeMs, type Settlement } from "../../domain/lookups/lookup-cache";
import type { Outcome } from "../../domain/lookups/provider";
import type { Columns, Row, RowKey } from "./row";
import type { Change, Table } from "./table";

/** One row of the table: what is known of an indicator, who is looking it up, or how far somebody has come. */
type State =
  | { readonly outcome: Outcome }
  | { readonly holder: string; readonly continuation?: string }
  | { readonly continuation: string };

/** A lookup takes at most half of it. */
const claimMs = 60_000;
const readAtOnce = 50;

/** The cache on one table, a row for each indicator and source. */
export function createLookupCache(options: {
  readonly table: Table;
  /** Epoch milliseconds. */
  readonly now: () => number;
}): LookupCache {
  const { table, now } = options;

  const stateOf = (row: Row | undefined): State | undefined =>
    row && row.expiresAt > now() ? (JSON.parse(row.state) as State) : undefined;

  const outcomeIn = (row: Row | undefined): Outcome | undefined => {
    const state = stateOf(row);
    return state && "outcome" in state ? state.outcome : undefined;
  };

  const claimed = (row: string, etag: string, begun = {}): Claim => ({
    kind: "claimed",
    ticket: { row, etag },
    ...begun,
  });

  /** For a row that was there a moment ago. */
  const claimOne = async (key: RowKey, holder: string): Promise<Attempt<Claim>> => {
    const read = await table.read(key);
    if (read.kind !== "done") return read;
    const state = stateOf(read.value);
    if (state && "outcome" in state) return done({ kind: "known", outcome: state.outcome });
    if (state && "holder" in state && state.holder !== holder) return done({ kind: "busy" });
    const begun = state?.continuation === undefined ? {} : { continuation: state.continuation };
    const columns = claimColumns({ holder, ...begun });
    const written = read.value
      ? await table.replace(key, columns, read.value.etag)
      : await table.insert(key, columns);
    if (written.kind !== "done") return written;
    return done(written.value === undefined ? { kind: "busy" } : claimed(key.row, written.value, begun));
  };

  const claimColumns = (state: Extract<State, { holder: string }>): Columns => ({
    state: JSON.stringify(state),
    expiresAt: now() + claimMs,
  });

  const keptChange = ({ ticket: { row, etag }, outcome, continuation }: Settlement): Change => {
    const expiresAt = now() + lifetimeMs({ outcome, continuation });
    return {
      row,
      columns: { state: JSON.stringify(outcome ? { outcome } : { continuation }), expiresAt },
      etag,
    };
  };

  return {
    async recall(source, indicators) {
      const outcomes: (Outcome | undefined)[] = [];
      for (let i = 0; i < indicators.length; i += readAtOnce) {
        const rows = await Promise.all(
          indicators.slice(i, i + readAtOnce).map((each) => table.read(keyOf(source, each))),
        );
        for (const row of rows) {
          if (row.kind !== "done") return row;
          outcomes.push(outcomeIn(row.value));
        }
      }
      return { kind: "done", value: outcomes };
    },

    async claim(source, indicators, holder) {
      const keys = indicators.map((indicator) => keyOf(source, indicator));
      const columns = claimColumns({ holder });
      const inserted = await table.writeAll(
        source,
        keys.map(({ row }) => ({ row, columns })),
      );
      if (inserted.kind !== "done") return inserted;
      if (inserted.value) return done(inserted.value.map((etag, i) => claimed(keys[i]?.row ?? "", etag)));
      // Some are known or claimed already: each is asked for by itself.
      const claims = await Promise.all(keys.map((key) => claimOne(key, holder)));
      const failed = claims.find((claim) => claim.kind !== "done");
      return failed?.kind === "again" || failed?.kind === "refused"
        ? failed
        : done(claims.flatMap((claim) => (claim.kind === "done" ? [claim.value] : [])));
    },

    async settle(source, settlements) {
      const kept = settlements.filter((settlement) => lifetimeMs(settlement) > 0);
      const givenUp = settlements.filter((settlement) => !kept.includes(settlement));
      const removals = givenUp.map(({ ticket: { row, etag } }) =>
        table.remove({ partition: source, row }, etag),
      );
      const written = await table.writeAll(source, kept.map(keptChange));
      // One of them was lost to somebody else meanwhile: the others are kept all the same.
      const single = written.kind === "done" && written.value === undefined ? kept : [];
      const rewrites = single.map((one) => table.writeAll(source, [keptChange(one)]));
      await Promise.all([...removals, ...rewrites]);
    },

    async purge(before) {
      for (let purged = 0; ; ) {
        const rows = await table.expired(before);
        if (rows.kind !== "done") return rows;
        if (rows.value.length === 0) return { kind: "done", value: purged };
        for (let i = 0; i < rows.value.length; i += readAtOnce) {
          const removals = rows.value.slice(i, i + readAtOnce).map((row) => table.remove(row, row.etag));
          const failed = (await Promise.all(removals)).find(({ kind }) => kind !== "done");
          if (failed && failed.kind !== "done") return failed;
        }
        purged += rows.value.length;
      }
    },
  };
}

/** Canonical values hold characters that keys may not. */
function keyOf(source: string, indicator: Indicator): RowKey {
  return {
    partition: source,
    row: createHash("sha256").update(indicatorKey(indicator)).digest("hex"),
  };
}

function done<T>(value: T): Attempt<T> {
  return { kind: "done", value };
}
