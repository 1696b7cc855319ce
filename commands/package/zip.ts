import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";

export interface PackedFile {
  /** Below the folder, with slashes. */
  readonly path: string;
  readonly bytes: number;
}

/** All files of a folder, in one order everywhere. */
export function filesIn(folder: string): readonly PackedFile[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((path) => ({ path: path.replaceAll("\\", "/"), stat: statSync(join(folder, path)) }))
    .filter(({ stat }) => stat.isFile())
    .map(({ path, stat }) => ({ path, bytes: stat.size }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The same content gives the same bytes, whenever it is packed. */
const mtime = new Date(2000, 0, 1);

/** The folder as a zip file. */
export function zipOf(folder: string, files: readonly PackedFile[]): Uint8Array {
  return zipSync(Object.fromEntries(files.map(({ path }) => [path, readFileSync(join(folder, path))])), {
    mtime,
  });
}
