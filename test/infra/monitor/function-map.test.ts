import { join } from "node:path";
import { expect, it, vi } from "vitest";

import { extensions } from "../../../host.json";
import type { RegisteredFunction } from "../../../local/function-app";
import { loadApp } from "../../../local/host/core-module";
import { packageRoot } from "../../../local/host/package-root";
import { triagedEvent } from "../../../orchestrators/names";
import { recordedHistories } from "../../support/replay-history";

const file = join(
  __dirname,
  "../../../infra/monitor/function-maps",
  `dfm-func-map.${extensions.durableTask.hubName}.json`,
);

/** What no history shows: who starts an orchestration from outside, and who raises its event. */
const startedBy: Readonly<Record<string, readonly string[]>> = {
  enrichIncident: ["incident", "startRun", "reconcile"],
  enrichAgain: ["incident", "watchEntities"],
  deliverTriage: ["intezerWebhook", "submitAlert"],
  sendResults: ["startResults"],
};
const signalledBy: Readonly<Record<string, readonly object[]>> = {
  enrichIncident: [{ name: "offerTriage", signalName: triagedEvent }],
};

/** Orchestrators that were recorded scheduling a function. */
function callersOf(name: string): readonly string[] {
  const callers = recordedHistories
    .filter(({ recorded }) =>
      recorded.history.some((event) => "EventId" in event && "Name" in event && event.Name === name),
    )
    .map(({ orchestrator }) => orchestrator);
  return [...new Set(callers)].sort();
}

const bindingsOf = ({ trigger, extraInputs }: RegisteredFunction) =>
  [trigger, ...extraInputs].map(({ type }) => ({ type, direction: "in" }));

function registered(): readonly RegisteredFunction[] {
  vi.stubEnv("AzureWebJobsStorage", "UseDevelopmentStorage=true");
  vi.stubEnv("KEY_VAULT_URL", "https://vault.example.com");
  vi.stubEnv(
    "SENTINEL_WORKSPACES",
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/soc/providers/Microsoft.OperationalInsights/workspaces/siem",
  );
  const app = loadApp(join(packageRoot, "dist/index.js"), () => {});
  vi.unstubAllEnvs();
  return app.all();
}

it("The monitor's function map shows what is registered, and who calls it (npx vitest -u writes it)", async () => {
  const functions = Object.fromEntries(
    registered().map((fn) => [
      fn.name,
      {
        bindings: bindingsOf(fn),
        isCalledBy: [...(startedBy[fn.name] ?? []), ...callersOf(fn.name)],
        isSignalledBy: signalledBy[fn.name] ?? [],
      },
    ]),
  );
  await expect(`${JSON.stringify({ functions, proxies: {} }, null, 2)}\n`).toMatchFileSnapshot(file);
});

it("Every activity and every child has a caller, so that the recordings show all of them", () => {
  const scheduled = registered().filter(({ trigger }) => trigger.type === "activityTrigger");
  for (const { name } of scheduled) expect([name, ...callersOf(name)]).not.toEqual([name]);
  expect(callersOf("consultProvider")).toEqual(["enrichIncident"]);
});
