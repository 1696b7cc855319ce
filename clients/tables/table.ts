import type { TokenCredential } from "@azure/core-auth";
import type { RestError } from "@azure/core-rest-pipeline";
import type { TransactionAction } from "@azure/data-tables";
import { type Attempt, done } from "../../domain/attempt";
import { azureClientOptions, type CallOptions, credentialFor, exchange } from "../azure-client";
import type { HttpAnswer } from "../http";
import type { Columns, Row, RowKey } from "./row";
import { codeOf, entityFrom, expiredBy, rowFrom, rowsFrom, stored, unreadable, written } from "./wire";

/** Where tables are stored, as the Functions host reads it from AzureWebJobsStorage and AzureWebJobsStorage__... */
export type StorageConnection =
  | { readonly kind: "connectionString"; readonly value: string }
  | {
      readonly kind: "identity";
      /** Base URL of the table service. */
      readonly endpoint: string;
    };

/** A row to insert, or to replace if its etag is given. */
export interface Change {
  readonly row: string;
  readonly columns: Columns;
  readonly etag?: string;
}

/** One table; it is created with its first row. Nothing is thrown, and nothing is tried again. */
export interface Table {
  read(key: RowKey): Promise<Attempt<Row | undefined>>;
  /** Returns the new etag, or `undefined` if the row already exists. */
  insert(key: RowKey, columns: Columns): Promise<Attempt<string | undefined>>;
  /** Returns the new etag, or `undefined` if the row has changed. */
  replace(key: RowKey, columns: Columns, etag: string): Promise<Attempt<string | undefined>>;
  /**
   * Makes all changes (at most a hundred rows of one partition, each once) or none. Returns the new etags, or `undefined`
   * if one of the rows has changed.
   */
  writeAll(partition: string, changes: readonly Change[]): Promise<Attempt<readonly string[] | undefined>>;
  /** Does nothing if the row has changed. */
  remove(key: RowKey, etag: string): Promise<Attempt<void>>;
  /** Rows that have expired by the instant, at most a thousand. */
  expired(before: number): Promise<Attempt<readonly Row[]>>;
}

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
      return rowFrom(answer);
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
      const filter = expiredBy(before);
      let continuationToken: string | undefined;
      for (;;) {
        const answer = await send(async (table, on) => {
          const pages = table.listEntities({ ...on, queryOptions: { filter } });
          const page = await pages.byPage(continuationToken ? { continuationToken } : {}).next();
          continuationToken = page.value?.continuationToken;
        });
        if (answer.kind === "answer" && answer.status === 404) return done([]);
        const rows = rowsFrom(answer);
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

/** The SDK does not show a transaction's answer, so the failure counts as the answer to all of it. */
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
