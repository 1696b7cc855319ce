import { createTableStorage, type Table } from "../../../clients/tables/table";
import { type Clock, realClock } from "../../../local/clock";
import {
  startTableStorageSimulator,
  type TableStorageSimulator,
} from "../../../local/simulators/table-storage";

export const noCredential = { getToken: async () => null };

/** A table as one instance of the app opens it. */
export function openTable(connectionString: string, name = "Things", timeoutMs = 5_000): Table {
  const connection = { kind: "connectionString", value: connectionString } as const;
  return createTableStorage({ connection, credential: noCredential, timeoutMs }).open(name);
}

export async function startTables(clock: Clock = realClock()): Promise<TableStorageSimulator> {
  return startTableStorageSimulator({ clock });
}
