import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strFromU8, unzipSync } from "fflate";
import { afterEach, beforeEach, expect, it } from "vitest";
import { filesIn, zipOf } from "../../../commands/package/zip";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "zip-"));
  mkdirSync(join(folder, "dist"));
  writeFileSync(join(folder, "host.json"), "{}");
  writeFileSync(join(folder, "dist/index.js"), "// ü");
});
afterEach(() => rmSync(folder, { recursive: true }));

it("lists all files with their sizes, in the order of their paths", () => {
  expect(filesIn(folder)).toEqual([
    { path: "dist/index.js", bytes: 5 },
    { path: "host.json", bytes: 2 },
  ]);
});

it("packs every file under its path", () => {
  const unzipped = unzipSync(zipOf(folder, filesIn(folder)));
  expect(Object.entries(unzipped).map(([path, bytes]) => [path, strFromU8(bytes)])).toEqual([
    ["dist/index.js", "// ü"],
    ["host.json", "{}"],
  ]);
});

it("packs the same files into the same bytes at any time", () => {
  const first = zipOf(folder, filesIn(folder));
  utimesSync(join(folder, "host.json"), new Date(2020, 1, 1), new Date(2020, 1, 1));
  expect(Buffer.compare(zipOf(folder, filesIn(folder)), first)).toBe(0);
});
