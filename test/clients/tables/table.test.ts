import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TableServiceClient } from "@azure/data-tables";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTableStorage, type StorageConnection, type Table } from "../../../clients/tables/table";
import { realClock } from "../../../local/clock";
import { startTableStorage } from "../../../local/host/azurite";
import {
  startTableStorageSimulator,
  type TableStorageSimulator,
} from "../../../local/simulators/table-storage";
import { noCredential, openTable } from "./setup";

interface Service {
  readonly connectionString: string;
  stop(): Promise<void>;
}

const services: Readonly<Record<string, () => Promise<Service>>> = {
  async "the simulator"() {
    const { connectionString, close } = await startTableStorageSimulator({ clock: realClock() });
    return { connectionString, stop: close };
  },
  async Azurite() {
    const folder = mkdtempSync(join(tmpdir(), "tables-"));
    const { connectionString, ready, stop } = await startTableStorage(folder);
    await ready;
    return {
      connectionString,
      async stop() {
        await stop();
        rmSync(folder, { recursive: true });
      },
    };
  },
};

const key = { partition: "virustotal", row: "0123456789abcdef" };
const state = JSON.stringify({ text: 'line\nquote\' "double" ünï 🦊', list: [1, 2.5, null] });
const noon = Date.parse("2026-11-22T12:00:00Z");

describe.each(Object.entries(services))("a table at %s", (_, start) => {
  let service: Service;
  let table: Table;
  let tables = 0;
  beforeAll(async () => {
    service = await start();
  });
  afterAll(() => service.stop());
  beforeEach(() => {
    table = openTable(service.connectionString, `Things${++tables}`);
  });

  const inserted = async () => {
    const attempt = await table.insert(key, { state, expiresAt: noon });
    if (attempt.kind !== "done" || attempt.value === undefined) throw new Error("not inserted");
    return attempt.value;
  };

  it("has no rows before there is one, and is created with the first", async () => {
    expect(await table.read(key)).toEqual({ kind: "done", value: undefined });
    expect(await table.expired(noon)).toEqual({ kind: "done", value: [] });
    const etag = await inserted();
    expect(await table.read(key)).toEqual({ kind: "done", value: { ...key, etag, state, expiresAt: noon } });
  });

  it("is created once, by the first of many", async () => {
    const rows = Array.from({ length: 8 }, (_, i) => ({ partition: "p", row: `row ${i}` }));
    const attempts = await Promise.all(rows.map((row) => table.insert(row, { state, expiresAt: 0 })));
    expect(attempts).toEqual(Array(8).fill({ kind: "done", value: expect.any(String) }));
  });

  it("lets one of those who insert the same row win", async () => {
    await inserted();
    const attempts = await Promise.all(
      Array.from({ length: 8 }, () => table.insert({ ...key, row: "another" }, { state, expiresAt: 0 })),
    );
    const winners = attempts.filter((attempt) => attempt.kind === "done" && attempt.value !== undefined);
    expect(winners).toHaveLength(1);
    expect(attempts.every(({ kind }) => kind === "done")).toBe(true);
  });

  it("lets one of those who replace the same version win", async () => {
    const etag = await inserted();
    const attempts = await Promise.all(
      Array.from({ length: 8 }, (_, i) => table.replace(key, { state: `${i}`, expiresAt: 0 }, etag)),
    );
    const winners = attempts.flatMap((attempt, i) => (attempt.kind === "done" && attempt.value ? [i] : []));
    expect(winners).toHaveLength(1);
    const read = await table.read(key);
    expect(read).toMatchObject({ value: { state: `${winners[0]}`, expiresAt: 0 } });
    expect(read.kind === "done" && read.value?.etag).not.toBe(etag);
  });

  it("does not replace or delete what has changed meanwhile, or is gone", async () => {
    const etag = await inserted();
    const next = await table.replace(key, { state: "next", expiresAt: 0 }, etag);
    expect(await table.replace(key, { state: "late", expiresAt: 0 }, etag)).toEqual({
      kind: "done",
      value: undefined,
    });
    expect(await table.remove(key, etag)).toEqual({ kind: "done", value: undefined });
    expect(await table.read(key)).toMatchObject({ value: { state: "next" } });

    await table.remove(key, next.kind === "done" ? (next.value ?? "") : "");
    expect(await table.read(key)).toEqual({ kind: "done", value: undefined });
    expect(await table.replace(key, { state: "late", expiresAt: 0 }, etag)).toEqual({
      kind: "done",
      value: undefined,
    });
    expect(await table.remove(key, etag)).toEqual({ kind: "done", value: undefined });
  });

  it("makes several changes at once, or none of them", async () => {
    const columns = (text: string) => ({ state: text, expiresAt: 0 });
    const first = await table.writeAll("p", [
      { row: "a", columns: columns(state) },
      { row: "b", columns: columns("b") },
    ]);
    const [a = "", b = ""] = first.kind === "done" ? (first.value ?? []) : [];
    expect(await table.read({ partition: "p", row: "a" })).toMatchObject({ value: { etag: a, state } });

    const there = await table.writeAll("p", [
      { row: "c", columns: columns("c") },
      { row: "a", columns: columns("again") },
    ]);
    expect(there).toEqual({ kind: "done", value: undefined });
    const next = await table.writeAll("p", [
      { row: "a", columns: columns("a 2"), etag: a },
      { row: "b", columns: columns("b 2"), etag: b },
      { row: "c", columns: columns("c 2") },
    ]);
    expect(next).toEqual({
      kind: "done",
      value: [expect.any(String), expect.any(String), expect.any(String)],
    });
    const late = await table.writeAll("p", [
      { row: "c", columns: columns("c 3"), etag: next.kind === "done" ? (next.value?.[2] ?? "") : "" },
      { row: "a", columns: columns("a 3"), etag: a },
    ]);
    expect(late).toEqual({ kind: "done", value: undefined });
    const rows = await Promise.all(["a", "b", "c"].map((row) => table.read({ partition: "p", row })));
    expect(rows.map((row) => row.kind === "done" && row.value?.state)).toEqual(["a 2", "b 2", "c 2"]);
    expect(await table.writeAll("p", [])).toEqual({ kind: "done", value: [] });
  });

  it("returns the rows that have expired, and no others", async () => {
    const put = (row: string, expiresAt: number) =>
      table.insert({ partition: "p", row }, { state, expiresAt });
    await put("an hour ago", noon - 3_600_000);
    await put("now", noon);
    await put("never", 0);
    const expired = await table.expired(noon);
    expect(expired.kind === "done" && expired.value.map(({ row }) => row)).toEqual(["an hour ago"]);
  });

  it("can be deleted, and starts over", async () => {
    await inserted();
    const all = TableServiceClient.fromConnectionString(service.connectionString, {
      allowInsecureConnection: true,
    });
    await all.deleteTable(`Things${tables}`);
    expect(await table.read(key)).toEqual({ kind: "done", value: undefined });
    await inserted();
  });
});

describe("a table that is not there for the app", () => {
  let tables: TableStorageSimulator;
  beforeEach(async () => {
    tables = await startTableStorageSimulator({ clock: realClock(), pageSize: 2 });
    return () => tables.close();
  });

  it.each([
    ["503", { status: 503, headers: { "retry-after": "7" } }, { kind: "again", afterSeconds: 7 }],
    ["a lost connection", "dropBefore", { kind: "again" }],
    ["an answer that is cut off", "cutOff", { kind: "again" }],
    ["HTML", { status: 200, text: "<html>" }, { kind: "again" }],
    [
      "a missing role",
      { status: 403, json: { "odata.error": { code: "AuthorizationPermissionMismatch" } } },
      { kind: "refused", reason: expect.stringContaining("Storage Table Data Contributor") },
    ],
  ] as const)("says so after %s, without trying again by itself", async (_, fault, expected) => {
    tables.script({ match: () => true, fault });
    const read = await openTable(tables.connectionString).read(key);
    expect(read).toMatchObject({ ...expected, reason: expect.stringContaining("") });
    expect(JSON.stringify(read)).not.toMatch(/AccountKey|SharedKey|127\.0\.0\.1/);
    expect(tables.requests).toHaveLength(1);
    tables.script({ match: () => true, fault });
    const changes = [{ row: "a", columns: { state, expiresAt: 0 } }];
    expect(await openTable(tables.connectionString).writeAll("p", changes)).toMatchObject({
      kind: expected.kind,
    });
  });

  it("gives up after its time", async () => {
    tables.script({ match: () => true, fault: "hang" });
    expect(await openTable(tables.connectionString, "Things", 100).read(key)).toMatchObject({
      kind: "again",
    });
  });

  it.each<[string, StorageConnection]>([
    ["a connection string that is none", { kind: "connectionString", value: "tables, please" }],
    ["an address without TLS on another machine", { kind: "identity", endpoint: "http://tables.example" }],
  ])("names the setting for %s", async (_, connection) => {
    const storage = createTableStorage({ connection, credential: noCredential, timeoutMs: 1_000 });
    expect(await storage.open("Things").read(key)).toEqual({
      kind: "again",
      reason: "Table storage: AzureWebJobsStorage does not say where tables are kept.",
    });
  });

  it("is asked at its address, with a token of the app's identity", async () => {
    const connection = { kind: "identity", endpoint: "https://acme.table.core.windows.net" } as const;
    const scopes: unknown[] = [];
    const credential = {
      getToken: async (scope: unknown) => {
        scopes.push(scope);
        throw new Error("not signed in");
      },
    };
    const storage = createTableStorage({ connection, credential, timeoutMs: 1_000 });
    expect(await storage.open("Things").read(key)).toMatchObject({
      kind: "again",
      reason: expect.stringContaining("no Azure token"),
    });
    expect(scopes.flat()).toEqual(["https://storage.azure.com/.default"]);
  });

  it("finds expired rows on later pages", async () => {
    const table = openTable(tables.connectionString);
    for (let i = 0; i < 5; i++)
      await table.insert({ partition: "p", row: `${i}` }, { state, expiresAt: noon - i });
    expect(await table.expired(noon - 3)).toMatchObject({ kind: "done", value: [{ row: "4" }] });
  });
});
