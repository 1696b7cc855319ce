import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { loadApp } from "../../local/host/core-module";
import { appIn } from "../../local/host/local-host";
import { packageRoot } from "../../local/host/package-root";

const thisFile = join(packageRoot, "dist/commands/bench/cold-start.js");

/** Loading the app reads its settings and calls no service. */
const settings = {
  AzureWebJobsStorage: "UseDevelopmentStorage=true",
  SENTINEL_WORKSPACES:
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/soc/providers/Microsoft.OperationalInsights/workspaces/siem",
  KEY_VAULT_URL: "https://vault.example.com",
};

/**
 * Milliseconds in which a new process loads the app's modules and registers its functions, one per run: the app's own
 * part of a cold start. The platform's part (a machine, the host, the worker) comes on top.
 */
export function measureColdStarts(appFolder: string, runs: number): readonly number[] {
  return Array.from({ length: runs }, () => {
    const printed = execFileSync(process.execPath, [thisFile, appFolder], {
      encoding: "utf8",
      env: { ...process.env, ...settings },
    });
    return Number(printed);
  });
}

/** In the new process. */
function load(appFolder: string): void {
  const { appEntry } = appIn(appFolder);
  const startedAt = performance.now();
  loadApp(appEntry, () => {});
  console.log(performance.now() - startedAt);
}

if (require.main === module) load(process.argv[2] ?? packageRoot);
