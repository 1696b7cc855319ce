import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../local/host/package-root";

/** Prints a table and writes the same rows as JSON beside the other data of this machine. */
export function report(name: string, rows: readonly Readonly<Record<string, string | number>>[]): void {
  console.log(`\n${name}`);
  console.table(rows);
  const folder = join(packageRoot, "local/.data/bench");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(rows, undefined, 2)}\n`);
}
