import { createHash } from "node:crypto";
import { z } from "zod";
import { again, done } from "../../domain/attempt";
import { jsonFrom } from "../../domain/json";
import type { ChangeMarks } from "../../domain/run/catch-up";
import type { Row, RowKey } from "./row";
import { createRowWriter } from "./row-writer";
import type { Table } from "./table";

const markSchema = z.number().optional().catch(undefined);

const markOf = (row: Row | undefined) => markSchema.parse(jsonFrom(row?.state));

/** A row for each workspace. An unreadable row, perhaps of another version of the app, counts as absent. */
export function createChangeMarks(table: Table): ChangeMarks {
  const rows = createRowWriter<number | undefined>({ table, now: () => 0, stateOf: markOf });
  return {
    async read(scope) {
      const row = await table.read(keyOf(scope));
      return row.kind === "done" ? done(markOf(row.value)) : row;
    },
    async write(scope, mark) {
      const changed = await rows.change(keyOf(scope), () => [mark, undefined]);
      return changed.kind === "busy" ? again("Another instance is writing the mark.") : changed;
    },
  };
}

/** A scope is an ARM id, with slashes, which a key must not contain. */
function keyOf(scope: string): RowKey {
  return { partition: "changes", row: createHash("sha256").update(scope).digest("hex") };
}
