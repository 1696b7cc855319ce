import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../local/host/package-root";
import type { QueryHandler } from "../../local/simulators/log-queries";

const columns = {
  IncidentNumber: "int",
  Title: "string",
  Classification: "string",
  IncidentVerdict: "string",
  Rules: "dynamic",
  Lookups: "dynamic",
} as const;

/** What a workspace answers that holds the made-up incidents of samples/closings.json. */
export const sampleClosings: QueryHandler = () => {
  const file = join(packageRoot, "commands/report/samples/closings.json");
  const rows = JSON.parse(readFileSync(file, "utf8")) as readonly Record<string, unknown>[];
  return {
    columns,
    rows: rows.map((row) => ({
      ...row,
      Rules: JSON.stringify(row.Rules),
      Lookups: JSON.stringify(row.Lookups),
    })),
  };
};
