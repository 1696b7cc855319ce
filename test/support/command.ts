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

/** A compiled command in a process of its own, with nothing but these settings. */
export async function runCommand(
  file: string,
  args: readonly string[],
  { folder = packageRoot, env = {} }: { folder?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<{ out: string; error: string; code: number }> {
  const command = join(packageRoot, "dist/commands", file);
  const child = spawn(process.execPath, [command, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...env },
  });
  const [out, error, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit") as Promise<[number]>,
  ]);
  return { out, error, code };
}
