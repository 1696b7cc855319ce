import { join } from "node:path";
import { parseArgs } from "node:util";
import { packageRoot } from "../local/host/package-root";
import { runCommandLine } from "./command-line";
import { runNode } from "./run-node";

const usage = `Usage: npm run infra [-- options]

Builds and lints the Bicep files, and fails when infra/azuredeploy.json is out of
date.

  --write         write infra/azuredeploy.json instead of comparing it
  --if-available  exit with 0 and a message when there is no Bicep compiler
  -h, --help      print this`;

runCommandLine({ usage, read: commandFrom });

function commandFrom(args: readonly string[]): () => Promise<number> {
  parseArgs({
    args: [...args],
    options: { write: { type: "boolean" }, "if-available": { type: "boolean" } },
  });
  return () => runNode([join(packageRoot, "infra/build.mjs"), ...args]);
}
