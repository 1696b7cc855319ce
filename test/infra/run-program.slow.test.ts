import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { commandsRun, installPrograms, windows } from "../support/programs";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "az and azd-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe.skipIf(process.platform === "win32")("an argument for a script of Windows", () => {
  function give(argument: string): string {
    installPrograms(folder, windows, ["az"], {});
    const module = JSON.stringify(join(process.cwd(), "infra/run-program.mjs"));
    const program = `import { runProgram } from ${module}; runProgram("az", [process.env.ARGUMENT]);`;
    return spawnSync(
      process.execPath,
      [...windows.arguments(folder), "--input-type=module", "--eval", program],
      {
        env: { PATH: folder, ARGUMENT: argument, ...windows.environment(folder) },
        encoding: "utf8",
      },
    ).stderr;
  }

  it.each(["two words", "a&b", "(c)", "a|b>c", "^d"])("arrives as it is: %s", (argument) => {
    expect(give(argument)).toBe("");
    expect(commandsRun(folder)).toEqual([["az", argument]]);
  });

  it.each(['a"b', "%PATH%", "a!b", "a\nb"])("is refused when cmd.exe would change it: %j", (argument) => {
    expect(give(argument)).toContain("cannot be given the argument");
    expect(commandsRun(folder)).toEqual([]);
  });
});
