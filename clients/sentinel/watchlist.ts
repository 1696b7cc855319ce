import { z } from "zod";
import type { Attempt } from "../../domain/attempt";
import { type Allowed, allowedFrom } from "../../domain/indicators/allowed";
import type { Watchlist, WatchlistReading } from "../../domain/indicators/screening";
import { cut } from "../../domain/text";
import type { LogRow, RunLogQuery } from "../log-query";
import { untrustedText } from "../untrusted-text";

/** A watchlist of Microsoft Sentinel with allowed indicators, and the column that contains them. */
interface WatchlistName {
  readonly alias: string;
  readonly column: string;
}

interface WatchlistOptions extends WatchlistName {
  readonly runLogQuery: RunLogQuery;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Alias and column go into a query unescaped, between quotation marks. */
const aliasPattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,98}[A-Za-z0-9]$/;
const columnPattern = /^[A-Za-z_][A-Za-z0-9_ -]{0,98}$/;

/** Reads `alias` or `alias:Column`. The default column is the list's search key. */
export function watchlistNameFrom(text: string): WatchlistName | undefined {
  const [alias = "", column = "SearchKey", ...more] = text.split(":").map((part) => part.trim());
  const isName = aliasPattern.test(alias) && columnPattern.test(column) && more.length === 0;
  return isName ? { alias, column } : undefined;
}

const keptMs = 10 * 60_000;
/** After a failure, not every incident should wait for another try. */
const keptAfterFailureMs = 60_000;
const mostRows = 10_000;
/** Items are written again every 12 days. https://learn.microsoft.com/azure/sentinel/watchlists-queries */
const days = 30;

const rowsQuery = ({ alias, column }: WatchlistName) => `// allowed-watchlist
_GetWatchlist('${alias}')
| project Entry = trim(' ', tostring(['${column}']))
| where isnotempty(Entry)
| distinct Entry
| take 10001`;

interface Kept {
  readonly reading: Promise<WatchlistReading>;
  /** Epoch milliseconds. */
  readonly until: number;
}

/**
 * The watchlist of each workspace, cached for ten minutes in this process. If it cannot be read, the last good reading
 * applies. Throws for a name that `watchlistNameFrom` would not accept.
 */
export function createWatchlist({ runLogQuery, now, ...name }: WatchlistOptions): Watchlist {
  const { alias, column } = name;
  if (!watchlistNameFrom(`${alias}:${column}`)) throw new Error("This is not the name of a watchlist.");
  const kept = new Map<string, Kept>();
  const ifTableIsMissing = `there is no watchlist ${alias} with the column ${column}: check ALLOWED_WATCHLIST.`;

  const readAgain = async (scope: string, last: Kept | undefined) => {
    const rows = await runLogQuery({ scope, text: rowsQuery(name), days, ifTableIsMissing });
    const reading = readingFrom(alias, rows, await last?.reading);
    const until = now() + (rows.kind === "done" ? keptMs : keptAfterFailureMs);
    kept.set(scope, { reading: Promise.resolve({ ...reading, isNew: false }), until });
    return reading;
  };

  return {
    alias,
    async read(scope) {
      const present = kept.get(scope);
      if (present && now() < present.until) return present.reading;
      const reading = readAgain(scope, present);
      // Callers in the meantime wait for the same query.
      kept.set(scope, { reading, until: Number.POSITIVE_INFINITY });
      return reading;
    },
  };
}

function readingFrom(
  alias: string,
  rows: Attempt<readonly LogRow[]>,
  last: WatchlistReading | undefined,
): WatchlistReading {
  if (rows.kind === "done") return { alias, isNew: true, ...entriesFrom(rows.value) };
  const failure = rows.reason;
  if (last && last.unread === undefined) return { ...last, isNew: true, failure };
  return { alias, isNew: true, allowed: [], wrong: [], failure, unread: failure };
}

const row = z.object({ Entry: z.string() });

function entriesFrom(rows: readonly LogRow[]): Pick<WatchlistReading, "allowed" | "wrong"> {
  const texts = rows.flatMap((cells) => row.safeParse(cells).data?.Entry ?? []);
  const readings = texts.slice(0, mostRows).map((text) => ({ text, ...allowedFrom(text) }));
  const allowed = readings.flatMap((reading): Allowed[] => ("entry" in reading ? [reading.entry] : []));
  const wrong = readings.flatMap((reading) =>
    "problem" in reading
      ? [`${untrustedText(cut(reading.text, 60), 60) ?? "a row"} is ${reading.problem}`]
      : [],
  );
  const surplus =
    texts.length > mostRows ? [`it has more than ${mostRows} entries, and the others are not read`] : [];
  return { allowed, wrong: [...surplus, ...wrong] };
}
