import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { uploadMonitorFiles } from "../../../commands/dfm-upload/upload";
import { realClock } from "../../../local/clock";
import { packageRoot } from "../../../local/host/package-root";
import { type Simulator, startSimulator } from "../../../local/simulators/simulator";

/** As much of Blob Storage as an upload needs. */
let storage: Simulator;
let containerExists = false;
const blobs = new Map<string, string>();

beforeEach(async () => {
  containerExists = false;
  blobs.clear();
  storage = await startSimulator({
    clock: realClock(),
    handler: ({ path, query, headers, body }) => {
      if (query.get("restype") === "container") {
        const status = containerExists ? 409 : 201;
        containerExists = true;
        return { status };
      }
      if (!containerExists) return { status: 404 };
      if (headers["x-ms-blob-type"] !== "BlockBlob" || !headers["x-ms-version"]) return { status: 400 };
      blobs.set(path, body);
      return { status: 201 };
    },
  });
});
afterEach(() => storage.close());

const files = [{ name: "tab-templates/Verdict.enrichIncident.liquid", content: "ü {{ Output }}" }];

describe("uploadMonitorFiles", () => {
  it("makes the container and writes the files, with the token on every call", async () => {
    await uploadMonitorFiles(storage.origin, "a-token", files);
    expect([...blobs]).toEqual([
      ["/durable-functions-monitor/tab-templates/Verdict.enrichIncident.liquid", "ü {{ Output }}"],
    ]);
    expect(storage.requests.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer a-token",
      "Bearer a-token",
    ]);
  });

  it("replaces what it wrote before", async () => {
    await uploadMonitorFiles(storage.origin, undefined, files);
    await uploadMonitorFiles(storage.origin, undefined, [{ name: files[0]?.name ?? "", content: "new" }]);
    expect([...blobs.values()]).toEqual(["new"]);
  });

  it.each([
    [401, "az login"],
    [403, "Storage Blob Data Contributor"],
    [404, "no such storage account"],
    [503, "try again later"],
  ])("says what to do about HTTP %i, without the token", async (status, whatToDo) => {
    storage.script({ match: () => true, fault: { status } });
    const refused = uploadMonitorFiles(storage.origin, "a-token", files);
    await expect(refused).rejects.toThrow(whatToDo);
    await expect(refused).rejects.not.toThrow("a-token");
  });
});

describe("npm run dfm:upload", () => {
  const run = (...args: string[]) =>
    promisify(execFile)(process.execPath, [join(packageRoot, "dist/commands/dfm-upload/cli.js"), ...args]);

  it("uploads all tabs and the function map as they are in the repository", async () => {
    await run("--endpoint", storage.origin);
    const files = ["tab-templates", "function-maps"].flatMap((folder) =>
      readdirSync(join(packageRoot, "infra", "monitor", folder)).map((file) => `${folder}/${file}`),
    );
    expect(Object.fromEntries(blobs)).toEqual(
      Object.fromEntries(
        files.map((file) => [
          `/durable-functions-monitor/${file}`,
          readFileSync(join(packageRoot, "infra", "monitor", file), "utf8"),
        ]),
      ),
    );
  });

  it.each([
    ["nothing", []],
    ["no account name", ["--account", "Not_A_Name"]],
    ["a token's way over plain HTTP", ["--endpoint", "http://account.blob.core.windows.net"]],
  ])("refuses %s and says how it is used", async (_case, args) => {
    await expect(run(...args)).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining("Usage:") });
  });
});
