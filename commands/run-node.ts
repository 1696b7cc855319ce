import { spawn } from "node:child_process";
import { once } from "node:events";
import { packageRoot } from "../local/host/package-root";

/** Runs a script of Node.js in the repository with this process's terminal. Resolves with its exit code. */
export async function runNode(
  args: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<number> {
  const env = { ...process.env, ...settings };
  const child = spawn(process.execPath, [...args], { cwd: packageRoot, env, stdio: "inherit" });
  // Ctrl+C reaches it, too.
  process.on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
  const [code] = (await once(child, "exit")) as [number | null];
  return code ?? 1;
}
