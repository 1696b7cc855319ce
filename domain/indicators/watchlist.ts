import type { Allowed } from "./allowed";
import type { Screening } from "./screening";

/** The list of allowed indicators that analysts keep where the incidents are. */
export interface Watchlist {
  readonly alias: string;
  /** The list of the workspace with this scope, at most some minutes old. Never throws, and takes at most 10 s. */
  read(scope: string): Promise<WatchlistReading>;
}

export interface WatchlistReading {
  readonly alias: string;
  readonly allowed: readonly Allowed[];
  /** A phrase for each skipped row: what is wrong with it. */
  readonly wrong: readonly string[];
  /** Why it could not be read just now; `allowed` is then the last good reading. */
  readonly failure?: string;
  /** Why it is completely unknown. */
  readonly unread?: string;
  /** This reading has not been returned before. */
  readonly isNew: boolean;
}

/** The list that could not be read, and why. */
export interface UnreadWatchlist {
  readonly alias: string;
  readonly reason: string;
}

/** The screening with the analysts' watchlist added. */
export function withWatchlist(screening: Screening, reading: WatchlistReading | undefined): Screening {
  return reading ? { ...screening, watchlist: reading } : screening;
}

const mostNamed = 5;

/** The first wrong rows of a list, with the others counted; `undefined` if all are right. */
export function wrongRowsText({ wrong }: WatchlistReading): string | undefined {
  if (wrong.length === 0) return undefined;
  const more = wrong.length - mostNamed;
  return wrong.slice(0, mostNamed).join("; ") + (more > 0 ? `; and ${more} more` : "");
}
