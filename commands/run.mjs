// Builds, then runs a command of this folder in this very process: what ends npm's script ends the command.
//   node commands/run.mjs <file below dist/commands> [arguments]
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

await import("./build.mjs");
const [, , command = "", ...args] = process.argv;
const file = join(dirname(dirname(fileURLToPath(import.meta.url))), "dist", "commands", command);
process.argv = [process.argv[0] ?? "", file, ...args];
createRequire(import.meta.url)(file);
