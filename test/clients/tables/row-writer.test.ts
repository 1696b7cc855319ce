import { beforeEach, expect, it } from "vitest";
import type { Row } from "../../../clients/tables/row";
import { createRowWriter } from "../../../clients/tables/row-writer";
import type { TableStorageSimulator } from "../../../local/simulators/table-storage";
import { openTable, startTables } from "./setup";

const key = { partition: "counters", row: "one" };
const numberIn = (row: Row | undefined) => (row ? (JSON.parse(row.state) as number) : 0);

let tables: TableStorageSimulator;
beforeEach(async () => {
  tables = await startTables();
  return () => tables.close();
});

const writer = () =>
  createRowWriter({ table: openTable(tables.connectionString), now: () => 0, stateOf: numberIn });
const writes = () =>
  tables.requests.filter(({ method, path }) => method !== "GET" && !path.endsWith("/Tables")).length;

it("gives each its own result, in the order in which they came", async () => {
  const { change } = writer();
  await change(key, () => [100, undefined]);
  const before = writes();
  const all = await Promise.all(
    Array.from({ length: 20 }, () => change<number>(key, (count) => [count + 1, count])),
  );
  expect(all).toEqual(Array.from({ length: 20 }, (_, i) => ({ kind: "done", value: 100 + i })));
  expect(writes() - before).toBeLessThanOrEqual(2);
});

it("loses no change of several instances", async () => {
  const instances = [writer(), writer(), writer()];
  const all = await Promise.all(
    Array.from({ length: 30 }, (_, i) =>
      instances[i % 3]?.change<number>(key, (count) => [count + 1, count]),
    ),
  );
  const made = all.flatMap((changed) => (changed?.kind === "done" ? [changed.value] : []));
  expect(made.toSorted((a, b) => a - b)).toEqual(Array.from({ length: made.length }, (_, i) => i));
  expect(all.every((changed) => changed?.kind === "done" || changed?.kind === "busy")).toBe(true);
});

it("writes nothing where nothing changes", async () => {
  await writer().change(key, (count) => [count, undefined]);
  expect(writes()).toBe(0);
});

it("fails for all who share a write, and goes on with those who come later", async () => {
  const { change } = writer();
  const broken = change<number>(key, () => {
    throw new Error("a fault of ours");
  });
  expect(await broken).toMatchObject({ kind: "again" });
  expect(await change<number>(key, (count) => [count + 1, count])).toEqual({ kind: "done", value: 0 });
});
