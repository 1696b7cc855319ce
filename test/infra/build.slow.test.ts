import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let folder: string;
const compiled = () => join(folder, "infra/azuredeploy.json");
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "infra-"));
  mkdirSync(join(folder, "infra"));
  copyFileSync("infra/build.mjs", join(folder, "infra/build.mjs"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the build where nothing is installed but what the test put there. */
function build(...options: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["infra/build.mjs", ...options], {
    cwd: folder,
    env: { PATH: folder, HOME: folder, USERPROFILE: folder },
    encoding: "utf8",
  });
  return { status, text: stdout + stderr };
}

/** A compiler that prints the same template for every file, and one message if wanted. */
function installCompiler({ version = "0.49.2", template = "{}", message = "" }) {
  const program = `#!${process.execPath}
console.log(process.argv[2] === "--version" ? "Bicep CLI version ${version} (abc)" : ${JSON.stringify(template)});
process.stderr.write(process.argv[2] === "--version" ? "" : ${JSON.stringify(message)});
`;
  writeFileSync(join(folder, "bicep"), program, { mode: 0o755 });
}

describe.skipIf(process.platform === "win32")("npm run infra", () => {
  it("fails without a compiler, and says how to get one", () => {
    expect(build()).toMatchObject({ status: 1, text: expect.stringContaining("install the .NET SDK") });
  });

  it("says plainly that it was skipped where the compiler is optional", () => {
    expect(build("--if-available")).toMatchObject({ status: 0, text: expect.stringContaining("SKIPPED") });
  });

  it("takes no compiler of another version, whose output would differ", () => {
    installCompiler({ version: "0.48.1" });
    expect(build()).toMatchObject({ status: 1, text: expect.stringContaining("Bicep 0.49.2 cannot be had") });
  });

  it("passes when the committed template is what the compiler makes", () => {
    installCompiler({ template: '{"a":1}' });
    writeFileSync(compiled(), '{"a":1}\n');
    expect(build()).toMatchObject({ status: 0 });
  });

  it("fails when the committed template is stale, until it is written", () => {
    installCompiler({ template: '{"a":1}' });
    writeFileSync(compiled(), '{"a":0}\n');
    expect(build()).toMatchObject({ status: 1, text: expect.stringContaining("azuredeploy.json is stale") });
    expect(build("--write")).toMatchObject({ status: 0 });
    expect(readFileSync(compiled(), "utf8")).toBe('{"a":1}\n');
    expect(build()).toMatchObject({ status: 0 });
  });

  it("fails on a warning of the linter, and shows it", () => {
    installCompiler({ message: "main.bicep(1,1) : Warning no-unused-params: unused" });
    expect(build("--write")).toMatchObject({ status: 1, text: expect.stringContaining("no-unused-params") });
  });
});
