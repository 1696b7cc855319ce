import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { tableConnectionString } from "../development-storage";
import { packageRoot } from "./package-root";

export interface TableStorage {
  /** For `AzureWebJobsStorage`; knows tables only. */
  readonly connectionString: string;
  /** Resolves when the service answers; rejects when it ends before that. */
  readonly ready: Promise<void>;
  /** Saves the tables and ends the service. */
  stop(): Promise<void>;
}

/** The port that `UseDevelopmentStorage=true` stands for. */
const developmentTablePort = 10_002;

/** Whether a host with these settings has to start table storage of its own. */
export async function lacksTableStorage(
  settings: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  const { AzureWebJobsStorage: connection } = settings;
  if (connection && /^UseDevelopmentStorage=true;?$/i.test(connection.trim()))
    return !(await isListening(developmentTablePort));
  // AzureWebJobsStorage__accountName and similar settings name storage that is reached by identity.
  const isNamed = Object.keys(settings).some((name) => name.startsWith("AzureWebJobsStorage__"));
  return !connection && !isNamed;
}

/**
 * Starts Azurite's table service in a process of its own on a free port of loopback. It ends with this process, also
 * when that is killed.
 */
export async function startTableStorage(folder: string): Promise<TableStorage> {
  const port = await freePort();
  const child = fork(
    join(packageRoot, "dist/local/host/azurite-child.js"),
    [
      ...["--tableHost", "127.0.0.1", "--tablePort", String(port), "--location", folder],
      ...["--silent", "--disableTelemetry", "--skipApiVersionCheck"],
    ],
    // Of its own group: Ctrl+C in a terminal ends the host first.
    { detached: true, stdio: ["ignore", "pipe", "pipe", "ipc"] },
  );
  return {
    connectionString: tableConnectionString(port),
    ready: started(child),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    },
  };
}

async function started(child: ChildProcess): Promise<void> {
  const lines: string[] = [];
  const announced = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      if (stream)
        createInterface(stream).on("line", (line) => {
          lines.push(line);
          if (line.includes("successfully started")) resolve();
        });
  });
  const ended = once(child, "exit").then(() => {
    throw new Error(`Azurite's table service did not start: ${lines.join(" ")}`);
  });
  await Promise.race([announced, ended]);
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
