import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const filesIn = (folder: string) =>
  execFileSync("git", ["ls-files", folder], { encoding: "utf8" }).trim().split("\n");
const linesOf = (file: string) => readFileSync(file, "utf8").split("\n").length - 1;

test("the local host stays small without its simulators", () => {
  const files = filesIn("local").filter((file) => !file.startsWith("local/simulators/"));
  expect(files.length).toBeGreaterThan(30);
  expect(files.reduce((sum, file) => sum + linesOf(file), 0)).toBeLessThan(3_900);
});

test("no source file and no test is too long to read in one go", () => {
  const files = filesIn(".").filter(
    (file) => /\.[cm]?[jt]s$/.test(file) && !file.startsWith("test/fixtures/"),
  );
  expect(files.filter((file) => linesOf(file) > 300)).toEqual([]);
});
