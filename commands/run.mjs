// Builds, then runs a command of this folder in this process, so that one signal ends them.
//   node commands/run.mjs <file below dist/commands> [arguments]
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

// A signal to npm ends npm and its shell, which does not pass it on: the command ends when its parent has.
const { ppid } = process;
const watch = setInterval(() => {
  if (process.ppid === ppid) return;
  clearInterval(watch);
  process.kill(process.pid, "SIGTERM");
}, 200).unref();

await import("./build.mjs");
const [, , command = "", ...args] = process.argv;
const file = join(dirname(dirname(fileURLToPath(import.meta.url))), "dist", "commands", command);
process.argv = [process.argv[0] ?? "", file, ...args];
createRequire(import.meta.url)(file);
