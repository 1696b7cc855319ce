import { HttpRequest } from "@azure/functions";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createHealth } from "../../triggers/health";
import { fakeTaskHub } from "../support/fake-task-hub";
import { quietContext } from "../support/requests";

afterEach(() => void vi.useRealTimers());

const production = {
  version: "1.2.3",
  development: false,
  platformAuthentication: true,
  relayPrincipalIds: ["relay"],
};

function setUp(vaultAnswers = true, options: Partial<typeof production> = {}) {
  const hub = fakeTaskHub();
  const reads = { count: 0 };
  const secret = {
    setting: "A_KEY",
    read: async () => {
      reads.count++;
      return vaultAnswers
        ? ({ kind: "done", value: "secret-value" } as const)
        : ({ kind: "again", reason: "Key Vault: no answer in time" } as const);
    },
  };
  const health = createHealth({ ...production, secrets: [secret], toTaskHub: () => hub, ...options });
  const call = () =>
    health(new HttpRequest({ method: "GET", url: "http://localhost/api/health" }), quietContext().context);
  return { hub, reads, call };
}

describe("GET /api/health", () => {
  it("is healthy when storage and vault answer, and shows no secret", async () => {
    const response = await setUp().call();
    expect(response).toMatchObject({ status: 200, jsonBody: { status: "healthy", version: "1.2.3" } });
    expect(
      response.jsonBody.checks.map((check: { name: string; ok: boolean }) => [check.name, check.ok]),
    ).toEqual([
      ["settings", true],
      ["callers", true],
      ["storage", true],
      ["vault", true],
    ]);
    expect(JSON.stringify(response)).not.toContain("secret-value");
  });

  it("answers 503 and says which setting to look at when storage does not answer", async () => {
    const { hub, call } = setUp();
    hub.unreachable = true;
    const response = await call();
    expect(response.status).toBe(503);
    expect(JSON.stringify(response.jsonBody)).toContain("AzureWebJobsStorage");
  });

  it("answers 503 when the vault does not answer", async () => {
    expect(await setUp(false).call()).toMatchObject({ status: 503, jsonBody: { status: "unhealthy" } });
  });

  it.each([
    {
      missing: "App Service authentication",
      options: { platformAuthentication: false },
      says: "WEBSITE_AUTH_ENABLED",
    },
    { missing: "the relay", options: { relayPrincipalIds: [] }, says: "RELAY_PRINCIPAL_IDS" },
  ])("answers 503 without $missing, except in development", async ({ options, says }) => {
    const response = await setUp(true, options).call();
    expect(response.status).toBe(503);
    expect(JSON.stringify(response.jsonBody)).toContain(says);
    expect(await setUp(true, { ...options, development: true }).call()).toMatchObject({ status: 200 });
  });

  it("keeps its answer for a minute", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: 0 });
    const { reads, call } = setUp();
    await call();
    vi.setSystemTime(59_000);
    await call();
    expect(reads.count).toBe(1);
    vi.setSystemTime(60_000);
    await call();
    expect(reads.count).toBe(2);
  });
});
