import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

interface LockedPackage {
  readonly integrity?: string;
  readonly resolved?: string;
}

const text = readFileSync(join(__dirname, "../../package-lock.json"), "utf8");
const { packages } = JSON.parse(text) as { packages: Readonly<Record<string, LockedPackage>> };
/** The entry without a name is this project. */
const installed = Object.entries(packages).filter(([path]) => path !== "");

test("npm verifies every package, those of other platforms included", () => {
  const unverified = installed.filter(
    ([, { integrity = "" }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity),
  );
  expect(installed.length).toBeGreaterThan(100);
  expect(unverified.map(([path]) => path)).toEqual([]);
});

test("names no registry: packages come from the one that npm is configured for", () => {
  expect(installed.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
  expect(text).not.toMatch(/\.tgz"|:\/\/[^/"]*(?:registry|npmjs)/i);
});
