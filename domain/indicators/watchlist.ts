import type { Allowed } from "./allowed";
import type { Screening } from "./screening";

/** The list of allowed indicators that analysts keep where the incidents are. */
export interface Watchlist {
  readonly alias: string;
  /** That of the workspace with this scope, at most some minutes old. Never throws, and takes at most 10 s. */
  read(scope: string): Promise<WatchlistReading>;
}

export interface WatchlistReading {
  readonly alias: string;
  readonly allowed: readonly Allowed[];
  /** What is wrong with rows that are left out, a phrase each. */
  readonly wrong: readonly string[];
  /** Why it could not be read just now; `allowed` is then what was read last. */
  readonly failure?: string;
  /** Why nothing of it is known at all. */
  readonly unread?: string;
  /** No caller has had it before. */
  readonly isNew: boolean;
}

/** The list that could not be read, and why. */
export interface UnreadWatchlist {
  readonly alias: string;
  readonly reason: string;
}

/** What must not be sent outside, with what the analysts have added. */
export function withWatchlist(screening: Screening, reading: WatchlistReading | undefined): Screening {
  return reading ? { ...screening, watchlist: reading } : screening;
}

const mostNamed = 5;

/** The first wrong rows of a list, the others counted; `undefined` where all are right. */
export function wrongRowsText({ wrong }: WatchlistReading): string | undefined {
  if (wrong.length === 0) return undefined;
  const more = wrong.length - mostNamed;
  return wrong.slice(0, mostNamed).join("; ") + (more > 0 ? `; and ${more} more` : "");
}
