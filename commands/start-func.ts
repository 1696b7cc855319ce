import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packageRoot } from "../local/host/package-root";
import { CommandError, runCommandLine } from "./command-line";

const usage = `Usage: npm run start:func

Runs the app in Azure Functions Core Tools, with Azurite for its storage, until
Ctrl+C ends both. Settings are Values in local.settings.json.

  -h, --help  print this`;

const notReady = 2;

runCommandLine({ usage, read: commandFrom });

function commandFrom(args: readonly string[]): () => Promise<number> {
  parseArgs({ args: [...args] });
  return runCoreTools;
}

/** Resolves with the exit code of Core Tools. */
async function runCoreTools(): Promise<number> {
  if (!existsSync(join(packageRoot, "local.settings.json")))
    throw new CommandError(
      "Core Tools need settings: copy local.settings.sample.json to local.settings.json.",
      notReady,
    );
  const tools = startCoreTools();
  try {
    await once(tools, "spawn");
  } catch {
    throw new CommandError(
      "Azure Functions Core Tools are not installed: https://aka.ms/func-core-tools",
      notReady,
    );
  }
  const azurite = startAzurite();
  // Ctrl+C reaches Core Tools, too, and they decide when to end.
  process.on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => tools.kill(signal));
  const [code] = (await once(tools, "exit")) as [number | null];
  azurite.kill();
  return code ?? 1;
}

function startCoreTools(): ChildProcess {
  const options = { cwd: packageRoot, stdio: "inherit" } as const;
  // On Windows `func` may be a .cmd file, which only a shell runs.
  return process.platform === "win32"
    ? spawn("func start", [], { ...options, shell: true })
    : spawn("func", ["start"], options);
}

/** One that runs already keeps its ports, and serves as well. */
function startAzurite(): ChildProcess {
  return spawn(
    process.execPath,
    [
      require.resolve("azurite/dist/src/azurite.js"),
      ...["--location", join(packageRoot, "local/.data/core-tools")],
      ...["--silent", "--disableTelemetry", "--skipApiVersionCheck"],
    ],
    { stdio: "ignore" },
  );
}
