import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fixtures } from "../local/host/recordings";

const root = join(__dirname, "../..");
const recordedApp = join(fixtures, "app");
const someStorage = { AzureWebJobsStorage: "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=a2V5" };

let data: string;
const running = new Set<ChildProcess>();
beforeEach(() => {
  // Inside the repository, so that an app in it finds the libraries.
  data = mkdtempSync(join(root, "dist/host-"));
});
afterEach(async () => {
  for (const host of running) {
    host.kill("SIGKILL");
    await once(host, "exit");
  }
  rmSync(data, { recursive: true });
});

/** The environment is only what is given: the tests' own settings stay out. */
function start(args: string[], env: Record<string, string> = {}) {
  const cli = join(root, "dist/commands/host.js");
  const host = spawn(process.execPath, [cli, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  running.add(host);
  host.once("exit", () => running.delete(host));
  return host;
}

async function ending(args: string[], env: Record<string, string> = {}) {
  const host = start(args, env);
  const [out, error, [code]] = await Promise.all([text(host.stdout), text(host.stderr), once(host, "exit")]);
  return { out, error, code };
}

/** What it has printed by the time it says where it listens, and that address. */
async function listening(host: ReturnType<typeof start>): Promise<{ origin: string; printed: string }> {
  let printed = "";
  for await (const chunk of host.stdout) {
    printed += chunk;
    const origin = /Listening on (\S+);/.exec(printed)?.[1];
    if (origin) return { origin, printed };
  }
  throw new Error(`It ended: ${printed} ${await text(host.stderr)}`);
}

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

describe("its data folder", () => {
  const args = () => ["--app", recordedApp, "--port", "0", "--data", data];
  const orchestrations = "/runtime/webhooks/durabletask/orchestrators/nothing";
  const startRun = (origin: string, id: string) =>
    fetch(`${origin}${orchestrations}/${id}`, { method: "POST" });

  it("is its own: a second host is refused, and one after a kill is not", async () => {
    const first = start(args(), someStorage);
    await listening(first);
    const { code, error } = await ending(args(), someStorage);
    expect([code, error.trim().replaceAll("\n", " ")]).toEqual([
      1,
      `${join(data, "task-hub")} is in use by another process (${first.pid}). End that process, or choose another folder.`,
    ]);

    first.kill("SIGKILL");
    await once(first, "exit");
    await listening(start(args(), someStorage));
  });

  it("on a full disk ends it with a sentence, and loses nothing that was confirmed", async () => {
    const fullDisk = join(__dirname, "../fixtures/durable/full-disk.cjs");
    const host = start(args(), {
      ...someStorage,
      NODE_OPTIONS: `--require "${fullDisk.replaceAll("\\", "/")}"`,
    });
    const ended = Promise.all([text(host.stderr), once(host, "exit")]);
    const { origin } = await listening(host);
    const confirmed: string[] = [];
    for (let n = 0; confirmed.length === n; n++) {
      const { status } = await startRun(origin, `run-${n}`).catch(() => ({ status: 0 }));
      if (status === 202) confirmed.push(`run-${n}`);
    }
    const [error, [code]] = await ended;
    expect([code, error.split("\n")]).toEqual([
      1,
      [
        expect.stringMatching(
          /\.jsonl cannot be written: the disk is full\. Make room and start the host again; /,
        ),
        "",
      ],
    ]);

    const next = await listening(start(args(), someStorage));
    const runs = (await (await fetch(`${next.origin}/runtime/webhooks/durabletask/instances`)).json()) as {
      instanceId: string;
    }[];
    expect(confirmed.length).toBeGreaterThan(0);
    expect(runs.map(({ instanceId }) => instanceId)).toEqual(expect.arrayContaining(confirmed));
  });
});
