import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { packageRoot } from "../../local/host/package-root";

/** A folder with an azd environment of the name `test`. */
export function folderWithEnvironment(values: Readonly<Record<string, string | undefined>>): string {
  const folder = mkdtempSync(join(tmpdir(), "azd-"));
  mkdirSync(join(folder, ".azure/test"), { recursive: true });
  const lines = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${JSON.stringify(value)}\n`],
  );
  writeFileSync(join(folder, ".azure/test/.env"), lines.join(""));
  return folder;
}

interface CommandOptions {
  readonly folder?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** On its standard input. */
  readonly input?: string;
}

/** A compiled command in a process of its own, with nothing but these settings. */
export async function runCommand(
  file: string,
  args: readonly string[],
  { folder = packageRoot, env = {}, input = "" }: CommandOptions = {},
): Promise<{ out: string; error: string; code: number }> {
  const child = spawnCommand(file, args, { folder, env });
  child.stdin.end(input);
  const [out, error, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit") as Promise<[number]>,
  ]);
  return { out, error, code };
}

/** The same, still running. */
export function spawnCommand(
  file: string,
  args: readonly string[],
  { folder = packageRoot, env = {} }: CommandOptions = {},
) {
  const command = join(packageRoot, "dist/commands", file);
  return spawn(process.execPath, [command, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...env },
  });
}
