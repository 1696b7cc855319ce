import type { TokenCredential } from "@azure/core-auth";
import type { RestError } from "@azure/core-rest-pipeline";
import type { TransactionAction } from "@azure/data-tables";
import { z } from "zod";
import type { Attempt } from "../../domain/attempt";
import {
  azureClientOptions,
  type CallOptions,
  credentialFor,
  exchange,
  passingFailure,
} from "../azure-client";
import type { HttpAnswer } from "../http";

/** Where tables are kept, as the Functions host reads it from AzureWebJobsStorage and AzureWebJobsStorage__... */
export type StorageConnection =
  | { readonly kind: "connectionString"; readonly value: string }
  | {
      readonly kind: "identity";
      /** Base URL of the table service. */
      readonly endpoint: string;
    };

export interface RowKey {
  readonly partition: string;
  /** Holds none of `/ \ # ?`. */
  readonly row: string;
}

export interface Row extends RowKey {
  readonly etag: string;
  /** JSON text, at most 32,000 characters. */
  readonly state: string;
  /** Epoch milliseconds; 0 for what does not expire. */
  readonly expiresAt: number;
}

export type Columns = Pick<Row, "state" | "expiresAt">;

/** A row to insert, or to replace where its etag is given. */
export interface Change {
  readonly row: string;
  readonly columns: Columns;
  readonly etag?: string;
}

/** One table; it is created with its first row. Nothing is thrown, and nothing is tried again. */
export interface Table {
  read(key: RowKey): Promise<Attempt<Row | undefined>>;
  /** Tells the new etag, or `undefined` when the row is there already. */
  insert(key: RowKey, columns: Columns): Promise<Attempt<string | undefined>>;
  /** Tells the new etag, or `undefined` when the row is no longer what it was. */
  replace(key: RowKey, columns: Columns, etag: string): Promise<Attempt<string | undefined>>;
  /**
   * Makes all changes (at most a hundred rows of one partition, each once) or none. Tells the new etags, or `undefined`
   * when one of the rows is not what the writer takes it for.
   */
  writeAll(partition: string, changes: readonly Change[]): Promise<Attempt<readonly string[] | undefined>>;
  /** Does nothing when the row is no longer what it was. */
  remove(key: RowKey, etag: string): Promise<Attempt<void>>;
  /** Rows that have expired by the instant, at most a thousand. */
  expired(before: number): Promise<Attempt<readonly Row[]>>;
}

const rowSchema = z.object({
  PartitionKey: z.string(),
  RowKey: z.string(),
  "odata.etag": z.string(),
  state: z.string(),
  expiresAt: z.string(),
});
const rowsSchema = z.object({ value: z.array(rowSchema) });
const errorSchema = z.object({ "odata.error": z.object({ code: z.string() }) });

/** Azure Table Storage. The SDK is loaded with the first call. */
export function createTableStorage(options: {
  readonly connection: StorageConnection;
  readonly credential: TokenCredential;
  readonly timeoutMs: number;
}): { open(name: string): Table } {
  return { open: (name) => tableOf(createSender({ ...options, name })) };
}

type TableClient = Awaited<ReturnType<typeof clientFor>>;
type Call = (table: TableClient, options: CallOptions) => Promise<unknown>;
type Sender = (call: Call) => Promise<HttpAnswer>;

function createSender(options: {
  readonly connection: StorageConnection;
  readonly credential: TokenCredential;
  readonly timeoutMs: number;
  readonly name: string;
}): Sender {
  let client: Promise<TableClient> | undefined;
  return async (call) => {
    client ??= clientFor(options.connection, options.credential, options.name);
    try {
      await client;
    } catch {
      return { kind: "fault", reason: "AzureWebJobsStorage does not say where tables are kept" };
    }
    const table = await client;
    return exchange(AbortSignal.timeout(options.timeoutMs), (on) => call(table, on));
  };
}

function tableOf(send: Sender): Table {
  const created = async (call: Call): Promise<HttpAnswer> => {
    const answer = await send(call);
    if (codeOf(answer) !== "TableNotFound") return answer;
    const creation = await send((table, on) => table.createTable(on));
    return creation.kind === "answer" && [201, 204, 409].includes(creation.status) ? send(call) : creation;
  };

  return {
    async read({ partition, row }) {
      const answer = await send((table, on) => table.getEntity(partition, row, on));
      if (answer.kind === "answer" && answer.status === 404) return done(undefined);
      return read(answer, rowSchema, rowFrom);
    },
    async insert(key, columns) {
      return stored(await created((table, on) => table.createEntity(entityFrom(key, columns), on)), 409);
    },
    async replace(key, columns, etag) {
      const entity = entityFrom(key, columns);
      const answer = await send((table, on) => table.updateEntity(entity, "Replace", { ...on, etag }));
      return stored(answer, 404, 412);
    },
    async writeAll(partition, changes) {
      if (changes.length === 0) return done([]);
      let etags: readonly string[] = [];
      const answer = await created(async (table, on) => {
        const actions = changes.map((change) => actionFrom(partition, change));
        const { subResponses } = await transaction(table.submitTransaction(actions, on), on);
        etags = subResponses.map(({ etag = "" }) => etag.trim());
      });
      const attempt = written(answer, 404, 409, 412);
      if (attempt.kind !== "done") return attempt;
      if (attempt.value === undefined) return done(undefined);
      return etags.length === changes.length ? done(etags) : unreadable;
    },
    async remove({ partition, row }, etag) {
      const answer = await send((table, on) => table.deleteEntity(partition, row, { ...on, etag }));
      const attempt = written(answer, 404, 412);
      return attempt.kind === "done" ? done(undefined) : attempt;
    },
    async expired(before) {
      const filter = `expiresAt lt '${instant(before)}'`;
      let continuationToken: string | undefined;
      for (;;) {
        const answer = await send(async (table, on) => {
          const pages = table.listEntities({ ...on, queryOptions: { filter } });
          const page = await pages.byPage(continuationToken ? { continuationToken } : {}).next();
          continuationToken = page.value?.continuationToken;
        });
        if (answer.kind === "answer" && answer.status === 404) return done([]);
        const rows = read(answer, rowsSchema, ({ value }) => value.map(rowFrom));
        // The service may end a page before it has found anything.
        if (rows.kind !== "done" || rows.value.length > 0 || !continuationToken) return rows;
      }
    },
  };
}

async function clientFor(connection: StorageConnection, credential: TokenCredential, name: string) {
  const { TableClient, TableServiceClient } = await import("@azure/data-tables");
  if (connection.kind === "identity") {
    const { endpoint } = connection;
    return new TableClient(endpoint, name, credentialFor(endpoint, credential), azureClientOptions(endpoint));
  }
  const { url } = TableServiceClient.fromConnectionString(connection.value, {
    allowInsecureConnection: true,
  });
  return TableClient.fromConnectionString(connection.value, name, azureClientOptions(url));
}

/** The SDK does not show a transaction's answer: what ended it counts as the answer to all of it. */
async function transaction<T>(submission: Promise<T>, { onResponse }: CallOptions): Promise<T> {
  const answer = (status: number, body = "") =>
    onResponse({ status, headers: { toJSON: () => ({}) }, bodyAsText: body });
  try {
    const submitted = await submission;
    answer(202);
    return submitted;
  } catch (error) {
    const { statusCode, code } = error as Partial<RestError>;
    if (statusCode !== undefined) answer(statusCode, JSON.stringify({ "odata.error": { code } }));
    throw error;
  }
}

function actionFrom(partition: string, { row, columns, etag }: Change): TransactionAction {
  const entity = entityFrom({ partition, row }, columns);
  return etag === undefined ? ["create", entity] : ["update", entity, "Replace", { etag }];
}

/** Instants are text, so that they can be compared by the service whatever its number types. */
const instant = (at: number) => new Date(at).toISOString();

const entityFrom = ({ partition, row }: RowKey, { state, expiresAt }: Columns) => ({
  partitionKey: partition,
  rowKey: row,
  state,
  expiresAt: expiresAt === 0 ? "never" : instant(expiresAt),
});

function rowFrom(entity: z.infer<typeof rowSchema>): Row {
  const { PartitionKey: partition, RowKey: row, "odata.etag": etag, state, expiresAt } = entity;
  return { partition, row, etag, state, expiresAt: Date.parse(expiresAt) || 0 };
}

function codeOf(answer: HttpAnswer): string | undefined {
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

const unreadable = { kind: "again", reason: "Table storage's answer was not readable." } as const;

/** What came of a write, with the statuses that say that the row is not what the writer takes it for. */
function written(answer: HttpAnswer, ...conflicts: readonly number[]): Attempt<string | undefined> {
  if (answer.kind === "answer" && conflicts.includes(answer.status)) return done(undefined);
  if (answer.kind === "fault" || answer.status >= 300) return failure(answer);
  return done(answer.headers.etag ?? "");
}

/** As `written`, for a write that makes a new etag: a success without one is a proxy's, and nothing was stored. */
function stored(answer: HttpAnswer, ...conflicts: readonly number[]): Attempt<string | undefined> {
  const attempt = written(answer, ...conflicts);
  return attempt.kind === "done" && attempt.value === "" ? unreadable : attempt;
}

const advice: Readonly<Record<number, string>> = {
  401: "Table storage does not accept the app's identity or key: check AzureWebJobsStorage.",
  403: "The app may not use tables: grant its identity the role Storage Table Data Contributor, or correct the key in AzureWebJobsStorage.",
};

function failure(answer: HttpAnswer): Exclude<Attempt<never>, { kind: "done" }> {
  const passing = passingFailure("Table storage", answer);
  if (passing || answer.kind === "fault")
    return passing ?? { kind: "again", reason: "Table storage did not answer." };
  const reason = advice[answer.status] ?? `Table storage refused the request (HTTP ${answer.status}).`;
  return { kind: "refused", reason };
}

function done<T>(value: T): Attempt<T> {
  return { kind: "done", value };
}
