import { type Attempt, again, done } from "../domain/attempt";
import { defined } from "../domain/json";

export interface LogQuery {
  /** Scope of the workspace: its ARM id. */
  readonly scope: string;
  /** KQL. Values from outside get into it through `dynamicLiteral` only. */
  readonly text: string;
  /** How many days back to search for rows. */
  readonly days: number;
  /** For people: what to do if the workspace lacks the table. */
  readonly ifTableIsMissing: string;
  /** Ends the wait for the answer, if that is before the client's own limit. */
  readonly signal?: AbortSignal;
  /** A comment can be written without it: every other query goes first. */
  readonly isOptional?: true;
}

/** The cells of a row by the name of their column. Dynamic columns come as JSON text. */
export type LogRow = Readonly<Record<string, unknown>>;

export interface LogAnswer {
  readonly rows: readonly LogRow[];
  /** The service could not read everything, so there may be more rows. */
  readonly isPartial: boolean;
}

/** Runs one query within the limits of the service; beyond them it returns `again`. */
export type ReadLogs = (query: LogQuery) => Promise<Attempt<LogAnswer>>;

/** The same, if an incomplete answer is of no use. */
export type RunLogQuery = (query: LogQuery) => Promise<Attempt<readonly LogRow[]>>;

/** With its own time limit in milliseconds, if that is shorter than the reader's. */
export function wholeAnswersOf(readLogs: ReadLogs, timeoutMs?: number): RunLogQuery {
  return async (query) => {
    const signal = timeoutMs === undefined ? query.signal : AbortSignal.timeout(timeoutMs);
    const answer = await readLogs({ ...query, ...defined({ signal }) });
    if (answer.kind !== "done") return answer;
    const { rows, isPartial } = answer.value;
    return isPartial ? again("Log Analytics returned only part of the answer.") : done(rows);
  };
}

/**
 * A list of texts as a KQL literal, `dynamic(["…"])`: the only way in which a value from outside gets into a query, since
 * queries have no parameters. The content is JSON, with every character except plain letters, digits and harmless marks
 * escaped.
 * https://learn.microsoft.com/kusto/query/scalar-data-types/dynamic
 */
export function dynamicLiteral(values: readonly string[]): string {
  return `dynamic([${values.map(quoted).join(",")}])`;
}

function quoted(value: string): string {
  const escaped = value.replace(/[^A-Za-z0-9 ._:/-]/g, (unit) => `\\u${hexOf(unit)}`);
  return `"${escaped}"`;
}

const hexOf = (unit: string) => unit.charCodeAt(0).toString(16).padStart(4, "0");
