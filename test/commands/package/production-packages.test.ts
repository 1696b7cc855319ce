import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { productionPackages } from "../../../commands/package/production-packages";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "packages-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function lock(packages: Record<string, object>): void {
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ packages: { "": {}, ...packages } }));
}

function install(path: string, version: string): void {
  mkdirSync(join(folder, path), { recursive: true });
  writeFileSync(join(folder, path, "package.json"), JSON.stringify({ version }));
}

describe("productionPackages", () => {
  it("are the packages of the lock file that are not only for development", () => {
    lock({
      "node_modules/axios": { version: "1.2.3" },
      "node_modules/axios/node_modules/qs": { version: "6.0.0" },
      "node_modules/vitest": { version: "4.0.0", dev: true },
    });
    install("node_modules/axios", "1.2.3");
    install("node_modules/axios/node_modules/qs", "6.0.0");
    expect(productionPackages(folder)).toEqual([
      { path: "node_modules/axios", version: "1.2.3" },
      { path: "node_modules/axios/node_modules/qs", version: "6.0.0" },
    ]);
  });

  it("omit an optional package that this platform does not have", () => {
    lock({ "node_modules/fsevents": { version: "2.0.0", optional: true } });
    expect(productionPackages(folder)).toEqual([]);
  });

  it.each([
    [
      "is missing",
      undefined,
      "node_modules/axios is not installed, package-lock.json says 1.2.3: run npm ci.",
    ],
    ["is another version", "1.2.4", "node_modules/axios is 1.2.4, package-lock.json says 1.2.3: run npm ci."],
  ])("are refused when one %s", (_case, installed, message) => {
    lock({ "node_modules/axios": { version: "1.2.3" } });
    if (installed) install("node_modules/axios", installed);
    expect(() => productionPackages(folder)).toThrow(message);
  });
});
