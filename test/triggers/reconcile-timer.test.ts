import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { loadApp } from "../../local/host/core-module";
import { packageRoot } from "../../local/host/package-root";
import { workspaceId } from "../support/requests";

afterEach(() => vi.unstubAllEnvs());

it.each([
  { settings: {}, schedule: "0 */15 * * * *" },
  { settings: { RECONCILE: "all", RECONCILE_SCHEDULE: "0 5 * * * *" }, schedule: "0 5 * * * *" },
  { settings: { RECONCILE: "off", RECONCILE_SCHEDULE: "0 5 * * * *" }, schedule: undefined },
])("With $settings the schedule of reconciliation is $schedule", ({ settings, schedule }) => {
  const needed = {
    AzureWebJobsStorage: "UseDevelopmentStorage=true",
    KEY_VAULT_URL: "https://vault.example.com",
    SENTINEL_WORKSPACES: workspaceId,
  };
  for (const [name, value] of Object.entries({ ...needed, ...settings })) vi.stubEnv(name, value);
  const app = loadApp(join(packageRoot, "dist/index.js"), () => {});
  expect(app.find("timerTrigger", "reconcile")?.trigger.schedule).toBe(schedule);
});
