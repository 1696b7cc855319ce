import { once } from "node:events";
import { cpSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";

import { data, ending, listening, recordedApp, someStorage, start, useHosts } from "./host-setup";

useHosts();

describe("wrong usage", () => {
  it.each([
    [["--prot", "7071"], "Unknown option '--prot'"],
    [["7071"], "Unexpected argument '7071'"],
    [["--port", "http"], '"http" is not a port'],
    [["--port", "70710"], '"70710" is not a port'],
    [["--app", "/nowhere"], "There is no host.json in /nowhere."],
  ])("%j ends with code 2 and says how it is used", async (args, message) => {
    const { code, error, out } = await ending(args);
    expect([code, out]).toEqual([2, ""]);
    expect(error).toContain(message);
    expect(error).toContain("Usage: npm run host -- [options]");
  });
});

it("prints its usage when asked", async () => {
  expect(await ending(["--help"])).toMatchObject({
    code: 0,
    error: "",
    out: expect.stringContaining("--port"),
  });
});

/** Windows has no signals: it ends a process at once. */
const hasSignals = process.platform !== "win32";

it.skipIf(!hasSignals)("runs an app, says one line per function, and stops cleanly", async () => {
  const host = start(["--app", recordedApp, "--port", "0", "--data", data], someStorage);
  const { origin, printed } = await listening(host);
  expect(printed).toContain(`  mirror: [GET,POST] ${origin}/api/mirror/{a}/{b:int?}\n`);
  expect(printed).toContain(`  onlyPut: [PUT] ${origin}/api/only-put\n`);
  expect(printed).not.toContain("Azurite");
  expect(await (await fetch(`${origin}/api/returns/bodyText`)).text()).toBe("text");
  expect((await fetch(`${origin}/api/key-function`)).status).toBe(200);

  host.kill("SIGTERM");
  expect(await once(host, "exit")).toEqual([0, null]);
});

describe("an app of its own", () => {
  beforeEach(() => cpSync(recordedApp, data, { recursive: true }));

  it("that refuses to start ends with code 1 and its message, without a stack", async () => {
    writeFileSync(
      join(data, "index.js"),
      'throw new Error("Correct these:\\n  SENTINEL_WORKSPACES: missing");',
    );
    const { code, error } = await ending(["--app", data, "--port", "0", "--data", data], someStorage);
    expect([code, error]).toEqual([1, "Correct these:\n  SENTINEL_WORKSPACES: missing\n"]);
  });

  it.skipIf(!hasSignals)(
    "gets local.settings.json, where the environment wins, and table storage when there is none",
    async () => {
      const Values = { FROM_FILE: "file", FROM_BOTH: "file" };
      writeFileSync(join(data, "local.settings.json"), JSON.stringify({ IsEncrypted: false, Values }));
      writeFileSync(
        join(data, "index.js"),
        `require("@azure/functions").app.http("env", { handler: () => ({ jsonBody: process.env }) });`,
      );
      const host = start(["--app", data, "--port", "0", "--data", data], { FROM_BOTH: "environment" });
      const { origin, printed } = await listening(host);
      expect(printed).toContain(`No table storage found; using Azurite in ${join(data, "azurite")}`);
      const env = (await (await fetch(`${origin}/api/env`)).json()) as Record<string, string>;
      expect(env).toMatchObject({ FROM_FILE: "file", FROM_BOTH: "environment" });
      const tables = /TableEndpoint=([^;]+)/.exec(env.AzureWebJobsStorage ?? "")?.[1];
      expect((await fetch(`${tables}/Tables`)).status).toBe(403);

      host.kill("SIGINT");
      expect(await once(host, "exit")).toEqual([0, null]);
      await expect(fetch(`${tables}/Tables`)).rejects.toThrow("fetch failed");
      expect(readdirSync(data)).toEqual(expect.arrayContaining(["azurite", "task-hub"]));
    },
  );

  it("whose local.settings.json is not JSON is not started", async () => {
    writeFileSync(join(data, "local.settings.json"), "{");
    const { code, error } = await ending(["--app", data, "--port", "0"], someStorage);
    expect([code, error]).toEqual([1, `${join(data, "local.settings.json")} is not JSON.\n`]);
  });
});
