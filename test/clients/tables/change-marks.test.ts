import { beforeEach, expect, it } from "vitest";
import { createChangeMarks } from "../../../clients/tables/change-marks";
import type { TableStorageSimulator } from "../../../local/simulators/table-storage";
import { workspaceId } from "../../support/requests";
import { openTable, startTables } from "./setup";

let tables: TableStorageSimulator;
beforeEach(async () => {
  tables = await startTables();
  return () => tables.close();
});

const marks = () => createChangeMarks(openTable(tables.connectionString, "Marks"));
const other = `${workspaceId}-2`;

it("keeps a mark for each workspace, for every instance of the app", async () => {
  expect(await marks().read(workspaceId)).toEqual({ kind: "done", value: undefined });
  await marks().write(workspaceId, 1_795_710_274_176);
  await marks().write(other, 5);
  await marks().write(workspaceId, 1_795_710_999_000);
  expect(await marks().read(workspaceId)).toEqual({ kind: "done", value: 1_795_710_999_000 });
  expect(await marks().read(other)).toEqual({ kind: "done", value: 5 });
});

it("says when storage does not answer", async () => {
  await marks().write(workspaceId, 5);
  tables.script({ match: ({ method }) => method === "GET", fault: { status: 503 } });
  expect(await marks().read(workspaceId)).toMatchObject({ kind: "again" });
  expect(await marks().read(workspaceId)).toMatchObject({ kind: "done", value: 5 });
});
