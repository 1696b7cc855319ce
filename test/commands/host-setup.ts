import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach } from "vitest";
import { fixtures } from "../local/host/recordings";

const root = join(__dirname, "../..");
export const recordedApp = join(fixtures, "app");
export const someStorage = {
  AzureWebJobsStorage: "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=a2V5",
};

export let data: string;
const running = new Set<ChildProcess>();
/** Gives every test of the file that calls it a folder, and ends the hosts that it starts. */
export function useHosts(): void {
  beforeEach(() => {
    // Inside the repository, so that an app in it finds the libraries.
    data = mkdtempSync(join(root, "dist/host-"));
  });
  afterEach(async () => {
    for (const host of running) {
      host.kill("SIGKILL");
      await once(host, "exit");
    }
    rmSync(data, { recursive: true });
  });
}

/** The environment is only what is given: the tests' own settings stay out. */
export function start(args: string[], env: Record<string, string> = {}) {
  const cli = join(root, "dist/commands/host.js");
  const host = spawn(process.execPath, [cli, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  running.add(host);
  host.once("exit", () => running.delete(host));
  return host;
}

export async function ending(args: string[], env: Record<string, string> = {}) {
  const host = start(args, env);
  const [out, error, [code]] = await Promise.all([text(host.stdout), text(host.stderr), once(host, "exit")]);
  return { out, error, code };
}

/** What it has printed by the time it says where it listens, and that address. */
export async function listening(
  host: ReturnType<typeof start>,
): Promise<{ origin: string; printed: string }> {
  let printed = "";
  for await (const chunk of host.stdout) {
    printed += chunk;
    const origin = /Listening on (\S+);/.exec(printed)?.[1];
    if (origin) return { origin, printed };
  }
  throw new Error(`It ended: ${printed} ${await text(host.stderr)}`);
}
