import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { deploymentFrom } from "../../../commands/deployment/deployment";
import { createResourceManager, resourceGroupOf } from "../../../commands/deployment/resource-manager";
import { realClock } from "../../../local/clock";
import { type Simulator, startSimulator } from "../../../local/simulators/simulator";
import { workspaceId } from "../../support/requests";

let azure: Simulator;
let elsewhere: Simulator;
beforeAll(async () => {
  const answer = (json: unknown) => ({ clock: realClock(), handler: () => ({ status: 200, json }) });
  elsewhere = await startSimulator(answer({ value: [{ name: "stolen" }] }));
  azure = await startSimulator({
    clock: realClock(),
    handler: ({ query }) => ({
      status: 200,
      json: query.has("page")
        ? { value: [{ name: "b" }] }
        : { value: [{ name: "a" }], nextLink: `${elsewhere.origin}/things?page=2` },
    }),
  });
});
afterAll(() => Promise.all([azure.close(), elsewhere.close()]));

const access = (endpoint: string) =>
  deploymentFrom({
    SENTINEL_WORKSPACES: workspaceId,
    SENTINEL_ENDPOINT: endpoint,
    AzureWebJobsStorage__accountName: "storage",
    KEY_VAULT_URL: "https://vault.vault.azure.net",
  });
const request = {
  schema: z.object({ name: z.string() }),
  path: "/things",
  query: { "api-version": "1" },
  needs: "the role Reader on the things",
};

it("asks only the resource manager for the next page, wherever the link points", async () => {
  const listed = await createResourceManager(access(azure.origin)).list(request);
  expect(listed).toEqual({ kind: "done", value: [{ name: "a" }, { name: "b" }] });
  expect(elsewhere.requests).toEqual([]);
});

it.each([
  {
    answer: { status: 403, json: {} },
    reading: {
      kind: "refused",
      reason: "your account may not read this: it needs the role Reader on the things",
      cause: "right",
    },
  },
  { answer: { status: 404, json: {} }, reading: { kind: "refused", reason: "it does not exist" } },
  {
    answer: { status: 500, json: {} },
    reading: { kind: "again", reason: "Azure answered HTTP 500: try again later" },
  },
  {
    answer: { status: 200, json: { name: 1 } },
    reading: { kind: "again", reason: "Azure answered something unexpected: try again later" },
  },
])("reads HTTP $answer.status", async ({ answer, reading }) => {
  azure.script({ match: () => true, fault: answer });
  expect(await createResourceManager(access(azure.origin)).read(request)).toEqual(reading);
});

it("says that no one is signed in", async () => {
  const signedOut = {
    ...access("https://management.azure.com"),
    credential: { getToken: () => Promise.reject(new Error("AADSTS")) },
  };
  expect(await createResourceManager(signedOut).read(request)).toEqual({
    kind: "again",
    reason: "Azure: there is no signed-in account: run az login",
  });
});

it.each([
  {
    id: "/subscriptions/s/resourceGroups/rg-a/providers/Microsoft.Logic/workflows/relay",
    group: "/subscriptions/s/resourceGroups/rg-a",
  },
  { id: "/subscriptions/s", group: undefined },
])("finds the resource group of $id", ({ id, group }) => {
  expect(resourceGroupOf(id)).toBe(group);
});
