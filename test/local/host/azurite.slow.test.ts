import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lacksTableStorage, startTableStorage } from "../../../local/host/azurite";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tables-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const endpointOf = (connectionString: string) => /TableEndpoint=(\S+)/.exec(connectionString)?.[1] ?? "";

const statusOf = (endpoint: string) =>
  fetch(`${endpoint}/Tables`).then(
    (response) => response.status,
    () => "no server",
  );

describe("the table storage a host brings with it", () => {
  it("answers at the address of its connection string, and leaves its tables in the folder when it ends", async () => {
    const storage = await startTableStorage(folder);
    await storage.ready;
    // 403: the service is there and wants a signature.
    expect(await statusOf(endpointOf(storage.connectionString))).toBe(403);

    await storage.stop();
    expect(await statusOf(endpointOf(storage.connectionString))).toBe("no server");
    expect(readdirSync(folder)).toContain("__azurite_db_table__.json");
  });

  it("ends when the process that started it is killed", async () => {
    const code = `require(${JSON.stringify(join(__dirname, "../../../dist/local/host/azurite.js"))})
      .startTableStorage(${JSON.stringify(folder)})
      .then((storage) => storage.ready.then(() => console.log(storage.connectionString)));`;
    const host = spawn(process.execPath, ["-e", code], { stdio: ["ignore", "pipe", "inherit"] });
    const [connectionString] = (await once(createInterface(host.stdout), "line")) as [string];
    expect(await statusOf(endpointOf(connectionString))).toBe(403);

    host.kill("SIGKILL");
    await expect.poll(() => statusOf(endpointOf(connectionString)), { timeout: 10_000 }).toBe("no server");
  });

  it("says why it could not be started", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    const storage = await startTableStorage(join(file, "tables"));
    await expect(storage.ready).rejects.toThrow(/table service did not start: .*(ENOTDIR|ENOENT|EEXIST)/);
  });
});

describe("whether a host needs one", () => {
  it.each([
    [{}, true],
    [{ AzureWebJobsStorage: "" }, true],
    [{ AzureWebJobsStorage: "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=a2V5" }, false],
    [{ AzureWebJobsStorage__accountName: "a" }, false],
  ])("with %o: %s", async (settings, lacks) => {
    expect(await lacksTableStorage(settings)).toBe(lacks);
  });

  it("with development storage: only while no server listens there", async () => {
    const otherServer = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      otherServer.once("error", () => resolve(false)).listen(10_002, "127.0.0.1", () => resolve(true));
    });
    const settings = { AzureWebJobsStorage: "UseDevelopmentStorage=true" };
    expect(await lacksTableStorage(settings)).toBe(false);
    if (!isFree) return;
    await new Promise((closed) => otherServer.close(closed));
    expect(await lacksTableStorage(settings)).toBe(true);
  });
});
