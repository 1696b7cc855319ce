import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { packageRoot } from "../../local/host/package-root";

interface HostProcess {
  readonly origin: string;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

interface Ending {
  readonly code: number | null;
  readonly stderr: string;
}

/** The app in a process of its own, as `npm run host` starts it. Rejects with what it wrote when it refuses to start. */
export async function startHostProcess(
  settings: Readonly<Record<string, string>>,
  dataFolder: string,
): Promise<HostProcess> {
  const child = spawnHost(settings, dataFolder);
  const gone = endingOf(child);
  const origin = new Promise<string>((resolve) => {
    const lines = createInterface({ input: child.stdout ?? process.stdin });
    lines.on("line", (line) => {
      const address = /Listening on (http:\/\/\S+);/.exec(line)?.[1];
      if (address) resolve(address);
    });
  });
  const refused = gone.then(({ stderr }) => Promise.reject(new Error(stderr)));
  return {
    origin: await Promise.race([origin, refused]),
    async kill() {
      refused.catch(() => {});
      child.kill("SIGKILL");
      await gone;
    },
  };
}

/** How the app ends when it is not to start. */
export function refusalOf(settings: Readonly<Record<string, string>>, dataFolder: string): Promise<Ending> {
  return endingOf(spawnHost(settings, dataFolder));
}

function spawnHost(settings: Readonly<Record<string, string>>, dataFolder: string): ChildProcess {
  const cli = join(packageRoot, "dist/commands/host.js");
  const { PATH = "" } = process.env;
  return spawn(process.execPath, [cli, "--port", "0", "--data", dataFolder], { env: { PATH, ...settings } });
}

async function endingOf(child: ChildProcess): Promise<Ending> {
  let stderr = "";
  child.stderr?.on("data", (text: Buffer) => {
    stderr += text.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, stderr };
}
