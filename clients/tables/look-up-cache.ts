import { createHash } from "node:crypto";
import type { Attempt } from "../../domain/attempt";
import { type Indicator, indicatorKey } from "../../domain/indicator";
import { type Claim, type LookUpCache, lifetimeMs } from "../../domain/look-up-cache";
import type { Outcome } from "../../domain/provider";
import type { Row, RowKey, Table } from "./table";

/** One row of the table: what is known of an indicator, or who is looking it up. */
type State = { readonly outcome: Outcome } | { readonly holder: string };

/** A look-up takes at most half of it. */
const claimMs = 60_000;
const readAtOnce = 50;

/** The cache on one table, a row for each indicator and provider. */
export function createLookUpCache(options: {
  readonly table: Table;
  /** Epoch milliseconds. */
  readonly now: () => number;
}): LookUpCache {
  const { table, now } = options;

  const stateOf = (row: Row | undefined): State | undefined =>
    row && row.expiresAt > now() ? (JSON.parse(row.state) as State) : undefined;

  const outcomeIn = (row: Row | undefined): Outcome | undefined => {
    const state = stateOf(row);
    return state && "outcome" in state ? state.outcome : undefined;
  };

  const claimed = (key: RowKey, etag: string): Claim => ({
    kind: "claimed",
    async settle(outcome) {
      const lifetime = outcome ? lifetimeMs(outcome) : 0;
      // When this does not come through, the claim ends by itself, and somebody looks it up again.
      if (lifetime === 0) await table.remove(key, etag);
      else
        await table.replace(key, { state: JSON.stringify({ outcome }), expiresAt: now() + lifetime }, etag);
    },
  });

  return {
    async recall(providerId, indicators) {
      const outcomes: (Outcome | undefined)[] = [];
      for (let i = 0; i < indicators.length; i += readAtOnce) {
        const rows = await Promise.all(
          indicators.slice(i, i + readAtOnce).map((each) => table.read(keyOf(providerId, each))),
        );
        for (const row of rows) {
          if (row.kind !== "done") return row;
          outcomes.push(outcomeIn(row.value));
        }
      }
      return { kind: "done", value: outcomes };
    },

    async claim(providerId, indicator, holder) {
      const key = keyOf(providerId, indicator);
      const columns = { state: JSON.stringify({ holder } satisfies State), expiresAt: now() + claimMs };
      const inserted = await table.insert(key, columns);
      if (inserted.kind !== "done") return inserted;
      if (inserted.value !== undefined) return done(claimed(key, inserted.value));

      const read = await table.read(key);
      if (read.kind !== "done") return read;
      const state = stateOf(read.value);
      if (state && "outcome" in state) return done({ kind: "known", outcome: state.outcome });
      if (!read.value || (state && state.holder !== holder)) return done({ kind: "busy" });
      const replaced = await table.replace(key, columns, read.value.etag);
      if (replaced.kind !== "done") return replaced;
      return done(replaced.value === undefined ? { kind: "busy" } : claimed(key, replaced.value));
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
function keyOf(providerId: string, indicator: Indicator): RowKey {
  return {
    partition: providerId,
    row: createHash("sha256").update(indicatorKey(indicator)).digest("hex"),
  };
}

function done(value: Claim): Attempt<Claim> {
  return { kind: "done", value };
}
