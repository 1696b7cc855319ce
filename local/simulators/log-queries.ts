import type { Reply } from "./simulator";

/** A query of the app as it arrives. */
export interface LogQuery {
  /** ARM id of the workspace that is asked. */
  readonly workspace: string;
  /** The whole KQL. */
  readonly text: string;
  /** The texts of the query's `dynamic([...])` lists, in their order: what it asks about. */
  readonly lists: readonly (readonly string[])[];
}

/** What a query returns. A column that a row does not have is null. */
export interface LogTable {
  readonly columns: Readonly<
    Record<string, "bool" | "datetime" | "dynamic" | "int" | "long" | "real" | "string">
  >;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** The service says that there is more, and that it could not read it. */
  readonly isPartial?: boolean;
}

/** Answers one query of the app: with a table, or with whatever else the service would say. */
export type QueryHandler = (query: LogQuery) => LogTable | Reply;

/** By the name of the query: its first line, without the slashes of the comment. */
export type QueryHandlers = Readonly<Record<string, QueryHandler>>;

/** The name that a query of the app has in its first line: `// <name>`. */
export function nameOfQuery(text: string): string | undefined {
  return /^\/\/ ([\w:-]+)$/m.exec(text.split("\n", 1)[0] ?? "")?.[1];
}

/** The text of the query in the body of a request. */
export function queryIn(body: string): string {
  try {
    return String((JSON.parse(body) as { query?: unknown } | null)?.query);
  } catch {
    return "";
  }
}

export function listsIn(text: string): readonly (readonly string[])[] {
  return [...text.matchAll(/\bdynamic\((\[[^\]]*\])\)/g)].map(([, list = "[]"]) => JSON.parse(list));
}

/** The table as the service sends it. */
export function replyOf({ columns, rows, isPartial }: LogTable): Reply {
  const names = Object.keys(columns);
  const table = {
    name: "PrimaryResult",
    columns: Object.entries(columns).map(([name, type]) => ({ name, type })),
    rows: rows.map((row) => names.map((name) => row[name] ?? null)),
  };
  return {
    status: 200,
    json: {
      tables: [table],
      ...(isPartial && {
        error: { code: "PartialError", message: "There were some errors when processing your query." },
      }),
    },
  };
}
