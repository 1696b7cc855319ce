import { z } from "zod";
import { type Attempt, again, done, refused } from "../../domain/attempt";
import { passingFailure } from "../azure-client";
import type { HttpAnswer } from "../http";
import type { Columns, Row, RowKey } from "./row";

const rowSchema = z.object({
  PartitionKey: z.string(),
  RowKey: z.string(),
  "odata.etag": z.string(),
  state: z.string(),
  expiresAt: z.string(),
});
const rowsSchema = z.object({ value: z.array(rowSchema) });
const errorSchema = z.object({ "odata.error": z.object({ code: z.string() }) });

/** Instants are text, so that the service can compare them without regard to its number types. */
const instant = (at: number) => new Date(at).toISOString();

export const entityFrom = ({ partition, row }: RowKey, { state, expiresAt }: Columns) => ({
  partitionKey: partition,
  rowKey: row,
  state,
  expiresAt: expiresAt === 0 ? "never" : instant(expiresAt),
});

/** Query for rows that have expired by the instant. */
export const expiredBy = (before: number) => `expiresAt lt '${instant(before)}'`;

export const rowFrom = (answer: HttpAnswer) => read(answer, rowSchema, toRow);
export const rowsFrom = (answer: HttpAnswer) => read(answer, rowsSchema, ({ value }) => value.map(toRow));

function toRow(entity: z.infer<typeof rowSchema>): Row {
  const { PartitionKey: partition, RowKey: row, "odata.etag": etag, state, expiresAt } = entity;
  return { partition, row, etag, state, expiresAt: Date.parse(expiresAt) || 0 };
}

/** The service's own code of an error. */
export function codeOf(answer: HttpAnswer): string | undefined {
  if (answer.kind === "fault") return undefined;
  return errorSchema.safeParse(answer.body).data?.["odata.error"].code ?? answer.headers["x-ms-error-code"];
}

function read<S extends z.ZodType, T>(
  answer: HttpAnswer,
  schema: S,
  from: (body: z.infer<S>) => T,
): Attempt<T> {
  if (answer.kind === "fault" || answer.status !== 200) return failure(answer);
  const body = schema.safeParse(answer.body);
  return body.success ? done(from(body.data)) : unreadable;
}

export const unreadable = again("Table storage's answer could not be read.");

/** The result of a write; `conflicts` are the statuses for a row that has changed. */
export function written(answer: HttpAnswer, ...conflicts: readonly number[]): Attempt<string | undefined> {
  if (answer.kind === "answer" && conflicts.includes(answer.status)) return done(undefined);
  if (answer.kind === "fault" || answer.status >= 300) return failure(answer);
  return done(answer.headers.etag ?? "");
}

/** As `written`, for a write that creates a new etag: a success without one comes from a proxy, and nothing was stored. */
export function stored(answer: HttpAnswer, ...conflicts: readonly number[]): Attempt<string | undefined> {
  const attempt = written(answer, ...conflicts);
  return attempt.kind === "done" && attempt.value === "" ? unreadable : attempt;
}

const advice: Readonly<Record<number, string>> = {
  401: "Table storage does not accept the app's identity or key: check AzureWebJobsStorage.",
  403: "The app may not use tables: grant its identity the role Storage Table Data Contributor, or correct the key in AzureWebJobsStorage.",
};

function failure(answer: HttpAnswer): Attempt<never> {
  const passing = passingFailure("Table storage", answer);
  if (passing || answer.kind === "fault") return passing ?? again("Table storage did not answer.");
  const reason = advice[answer.status] ?? `Table storage refused the request (HTTP ${answer.status}).`;
  return refused(reason);
}
