import type { Clock } from "../clock";
import { developmentAccount, tableConnectionString } from "../development-storage";
import { type Reply, type Simulator, type SimulatorRequest, startSimulator } from "./simulator";
import { batchReply, requestsOf } from "./table-batch";
import { matches } from "./table-filter";

export interface TableStorageSimulatorOptions {
  readonly clock: Clock;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Real milliseconds before every answer. */
  readonly latencyMs?: number;
  /** Rows that one answer to a query looks at; default 1,000, as in the service. */
  readonly pageSize?: number;
}

export interface TableStorageSimulator extends Simulator {
  /** For `AzureWebJobsStorage`; knows tables only. */
  readonly connectionString: string;
  /** Rows of a table as they are kept. */
  rows(table: string): readonly Entity[];
}

type Entity = Readonly<Record<string, unknown>> & {
  readonly PartitionKey: string;
  readonly RowKey: string;
};

interface Kept {
  readonly entity: Entity;
  readonly etag: string;
}

type Rows = Map<string, Kept>;

/**
 * Azure Table Storage as far as this app uses it: tables, single rows with etags, queries by simple filters. Any
 * signature is accepted, none is not.
 */
export async function startTableStorageSimulator(
  options: TableStorageSimulatorOptions,
): Promise<TableStorageSimulator> {
  const { pageSize = 1000 } = options;
  const tables = new Map<string, Rows>();
  let changes = 0;

  const keep = (rows: Rows, entity: Entity, at: number): Reply => {
    const Timestamp = new Date(at).toISOString();
    // The service makes etags of times; here a number keeps two changes in one millisecond apart.
    const etag = `W/"datetime'${encodeURIComponent(Timestamp)}-${++changes}'"`;
    rows.set(keyOf(entity), { entity: { ...entity, Timestamp }, etag });
    return { status: 204, headers: { etag } };
  };

  const createTable = ({ body }: SimulatorRequest): Reply => {
    const { TableName: name } = JSON.parse(body) as { TableName: string };
    if (!/^[A-Za-z][A-Za-z0-9]{2,62}$/.test(name)) return failure(400, "InvalidResourceName");
    if (tables.has(name)) return failure(409, "TableAlreadyExists");
    tables.set(name, new Map());
    return { status: 201, json: { TableName: name } };
  };

  const insert = (rows: Rows, { body, at }: SimulatorRequest): Reply => {
    const entity = JSON.parse(body) as Entity;
    return rows.has(keyOf(entity)) ? failure(409, "EntityAlreadyExists") : keep(rows, entity, at);
  };

  /** A page ends after so many rows that were looked at, whether any of them is wanted or not. */
  const query = (rows: Rows, { query }: SimulatorRequest): Reply => {
    const from = Buffer.from(query.get("NextRowKey") ?? "", "base64url").toString();
    const all = [...rows].filter(([key]) => key >= from).toSorted(([a], [b]) => (a < b ? -1 : 1));
    const next = all[pageSize]?.[0];
    const page = all.slice(0, pageSize).map(([, kept]) => kept);
    const wanted = page.filter(({ entity }) => matches(entity, query.get("$filter") ?? ""));
    return {
      status: 200,
      ...(next === undefined ? {} : { headers: continuation(next) }),
      json: { value: wanted.map(shown) },
    };
  };

  const one = (rows: Rows, key: Entity, request: SimulatorRequest): Reply => {
    const { method, body, at } = request;
    const kept = rows.get(keyOf(key));
    const match = request.headers["if-match"];
    if (!kept && (method === "GET" || match !== undefined)) return failure(404, "ResourceNotFound");
    if (method === "GET" && kept) return { status: 200, json: shown(kept) };
    if (method === "DELETE" && match === undefined) return failure(400, "MissingRequiredHeader");
    if (kept && match !== undefined && match !== "*" && match !== kept.etag)
      return failure(412, "UpdateConditionNotSatisfied");
    if (method === "DELETE") {
      rows.delete(keyOf(key));
      return { status: 204 };
    }
    const entity = { ...(JSON.parse(body) as object), ...key };
    return keep(rows, method === "PUT" ? entity : { ...kept?.entity, ...entity }, at);
  };

  const handler = (request: SimulatorRequest): Reply => {
    if (!request.path.endsWith("/$batch")) return handleOne(request);
    if (!request.headers.authorization) return failure(403, "AuthenticationFailed");
    const before = new Map([...tables].map(([name, rows]) => [name, new Map(rows)]));
    const replies = requestsOf(request).map(handleOne);
    if (replies.some(({ status }) => status >= 300))
      for (const [name, rows] of before) tables.set(name, rows);
    return batchReply(replies);
  };

  const handleOne = (request: SimulatorRequest): Reply => {
    const { method, path, headers } = request;
    if (!headers.authorization) return failure(403, "AuthenticationFailed");
    const [account, resource = ""] = path.slice(1).split("/", 2);
    if (account !== developmentAccount) return failure(400, "InvalidUri");
    if (method === "POST" && resource === "Tables") return createTable(request);

    const [, dropped] = /^Tables\('(\w+)'\)$/.exec(resource) ?? [];
    if (method === "DELETE" && dropped !== undefined)
      return tables.delete(dropped) ? { status: 204 } : failure(404, "ResourceNotFound");

    const [, name = "", keys] = /^(\w+)(?:\((.*)\))?$/.exec(resource) ?? [];
    const rows = tables.get(name);
    if (!rows) return failure(404, "TableNotFound");
    if (method === "POST") return insert(rows, request);
    const key = keysFrom(keys ?? "");
    if (key) return one(rows, key, request);
    return method === "GET" ? query(rows, request) : failure(405, "UnsupportedHttpVerb");
  };

  const simulator = await startSimulator({ ...options, handler });
  return {
    ...simulator,
    connectionString: tableConnectionString(new URL(simulator.origin).port),
    rows: (table) => [...(tables.get(table)?.values() ?? [])].map(({ entity }) => entity),
  };
}

const keyOf = ({ PartitionKey, RowKey }: Entity) => `${PartitionKey}\n${RowKey}`;

/** `PartitionKey='a',RowKey='b'` of a URL; a quote within a key is doubled. */
function keysFrom(text: string): Entity | undefined {
  const [, partition, row] = /^PartitionKey='((?:[^']|'')*)',RowKey='((?:[^']|'')*)'$/.exec(text) ?? [];
  if (partition === undefined || row === undefined) return undefined;
  return { PartitionKey: partition.replaceAll("''", "'"), RowKey: row.replaceAll("''", "'") };
}

const continuation = (next: string) => ({
  "x-ms-continuation-nextpartitionkey": "any",
  "x-ms-continuation-nextrowkey": Buffer.from(next).toString("base64url"),
});

const shown = ({ entity, etag }: Kept) => ({ "odata.etag": etag, ...entity });

function failure(status: number, code: string): Reply {
  const error = { code, message: { lang: "en-US", value: code } };
  return { status, headers: { "x-ms-error-code": code }, json: { "odata.error": error } };
}
