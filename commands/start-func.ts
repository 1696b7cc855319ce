import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../local/host/package-root";

if (existsSync(join(packageRoot, "local.settings.json"))) start();
else refuse("Core Tools need settings: copy local.settings.sample.json to local.settings.json.");

/** The app in Azure Functions Core Tools, with Azurite for its storage, until Core Tools end. */
function start(): void {
  // On Windows `func` may be a .cmd file, which only a shell runs.
  const [program, args, shell] =
    process.platform === "win32" ? ["func start", [], true] : ["func", ["start"], false];
  const tools = spawn(program, args, { cwd: packageRoot, stdio: "inherit", shell });
  tools.once("error", () =>
    refuse("Azure Functions Core Tools are not there: https://aka.ms/func-core-tools"),
  );
  tools.once("spawn", () => {
    // One that runs already keeps its ports, and serves as well.
    const azurite = spawn(
      process.execPath,
      [
        require.resolve("azurite/dist/src/azurite.js"),
        ...["--location", join(packageRoot, "local/.data/core-tools")],
        ...["--silent", "--disableTelemetry", "--skipApiVersionCheck"],
      ],
      { stdio: "ignore" },
    );
    tools.once("exit", (code) => {
      azurite.kill();
      process.exit(code ?? 1);
    });
  });
  // Ctrl+C reaches Core Tools, too, and they decide when to end; any other signal reaches this process alone.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => tools.kill());
}

function refuse(reason: string): void {
  console.error(reason);
  process.exitCode = 2;
}
