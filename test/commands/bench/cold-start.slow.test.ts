import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { measureColdStarts } from "../../../commands/bench/cold-start";
import { packageRoot } from "../../../local/host/package-root";

it("loads the app in a new process for every figure", () => {
  const times = measureColdStarts(packageRoot, 2);
  expect(times).toHaveLength(2);
  for (const ms of times) expect(ms).toBeGreaterThan(20);
});

it("leaves the SDKs that only some functions need to their first use", () => {
  const script = `
    require(${JSON.stringify(join(packageRoot, "dist/local/host/core-module.js"))})
      .loadApp(${JSON.stringify(join(packageRoot, "dist/index.js"))}, () => {});
    console.log(Object.keys(require.cache).join("\\n"));`;
  const loaded = execFileSync(process.execPath, ["-e", script], {
    encoding: "utf8",
    env: {
      AzureWebJobsStorage: "UseDevelopmentStorage=true",
      SENTINEL_WORKSPACES:
        "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/soc/providers/Microsoft.OperationalInsights/workspaces/siem",
      KEY_VAULT_URL: "https://vault.example.com",
    },
  });
  expect(loaded).toContain("durable-functions");
  for (const sdk of [
    "identity",
    "keyvault-secrets",
    "arm-securityinsight",
    "core-rest-pipeline",
    "data-tables",
    "monitor-ingestion",
  ])
    expect(loaded).not.toContain(`node_modules/@azure/${sdk}/`);
});
