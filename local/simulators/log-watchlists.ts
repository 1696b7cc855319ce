import type { QueryHandler } from "./log-queries";
import type { Reply } from "./simulator";

/** Rows of a watchlist, each with its columns. */
export type WatchlistRows = readonly Readonly<Record<string, string>>[];

/** A reply to a query for a column that the table does not have. */
const noSuchColumn: Reply = {
  status: 400,
  json: {
    error: {
      code: "BadArgumentError",
      message: "The request had some invalid properties",
      innererror: { code: "SemanticError", message: "A semantic error occurred." },
    },
  },
};

/** The watchlists of all workspaces and the query for the entries of one. A list that does not exist has no rows. */
export function createWatchlists() {
  const lists = new Map<string, WatchlistRows>();
  const entries: QueryHandler = ({ text }) => {
    const [, alias = ""] = /_GetWatchlist\('([^']*)'\)/.exec(text) ?? [];
    const [, column = ""] = /\['([^']*)'\]/.exec(text) ?? [];
    const rows = lists.get(alias.toLowerCase()) ?? [];
    if (rows.some((row) => !(column in row))) return noSuchColumn;
    const distinct = new Set(rows.map((row) => (row[column] ?? "").trim()).filter((entry) => entry !== ""));
    return { columns: { Entry: "string" }, rows: [...distinct].map((Entry) => ({ Entry })) };
  };
  return {
    /** What analysts save under this alias. */
    set: (alias: string, rows: WatchlistRows) => void lists.set(alias.toLowerCase(), rows),
    handlers: { "allowed-watchlist": entries },
  };
}
