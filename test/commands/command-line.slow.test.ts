import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { packageRoot } from "../../local/host/package-root";
import { runCommand, spawnCommand } from "../support/command";

describe("A command whose output is not read to its end, as in | head -1", () => {
  it.each([
    { file: "demo.js", args: [] },
    { file: "enrich/cli.js", args: ["8.8.8.8", "--simulators"] },
    { file: "check/cli.js", args: ["--help"] },
  ])("$file goes on to its end, without a stack trace", async ({ file, args }) => {
    const child = spawnCommand(file, args);
    child.stdout.once("data", () => child.stdout.destroy());
    const [error, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
    expect(error).not.toMatch(/EPIPE|\n {4}at /);
    expect(code).toBe(0);
  });
});

it("npm run demo keeps within the columns of the terminal, says that waiting is skipped, and one sentence a step", async () => {
  const { out, error, code } = await runCommand("demo.js", [], { env: { COLUMNS: "80" } });
  expect([code, error]).toEqual([0, ""]);
  expect(out).toMatch(/^Waiting is skipped here: the times shown are those of a real run\.\n/);
  expect(out).toMatch(/^ 0:\d\d {2}Read the incident: 12 entities, 6 indicators to look up\.$/m);
  expect(out).toMatch(/^ 1:3\d {2}Intezer's triage of the incident arrived\.$/m);
  expect(out).not.toContain("instanceId");
  for (const line of out.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
});

/** Windows has no signals: it ends a process at once. */
describe.skipIf(process.platform === "win32")("npm start", () => {
  const started = new Set<number>();
  afterEach(() => {
    for (const pid of started) if (isRunning(pid)) process.kill(pid, "SIGKILL");
    started.clear();
  });

  function isRunning(pid: number): boolean {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  }

  const args = ["--port", "0", "--page-port", "0"];

  /** Reads on after that: who stops reading ends the command. */
  function pageOf(child: Pick<ReturnType<typeof spawnCommand>, "stdout" | "once">): Promise<string> {
    return new Promise((resolve, reject) => {
      let printed = "";
      child.stdout.on("data", (chunk: Buffer) => {
        printed += String(chunk);
        const page = /Page to look at +(\S+)/.exec(printed)?.[1];
        if (page && printed.includes("Ctrl+C ends it")) resolve(page);
      });
      child.once("exit", () => reject(new Error(`It ended: ${printed}`)));
    });
  }

  it("serves at ports of its own choice, and exits with 0 on a signal", async () => {
    const child = spawnCommand("start/cli.js", args);
    started.add(child.pid ?? 0);
    const page = await pageOf(child);
    expect((await fetch(page)).status).toBe(200);
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
    await expect(fetch(page)).rejects.toThrow("fetch failed");
  });

  it("ends when its output is no longer read", async () => {
    const child = spawnCommand("start/cli.js", args);
    started.add(child.pid ?? 0);
    const page = await pageOf(child);
    const exit = once(child, "exit");
    child.stdout.destroy();
    // Its run writes to the log.
    const form = {
      method: "POST",
      headers: { origin: page },
      body: new URLSearchParams({ sample: "harmless" }),
    };
    await fetch(`${page}/incidents`, { ...form, redirect: "manual" }).catch(() => {});
    expect(await exit).toEqual([0, null]);
  });

  it("says which option chooses another port when one is taken, and touches nothing", async () => {
    const first = spawnCommand("start/cli.js", args);
    started.add(first.pid ?? 0);
    const page = await pageOf(first);
    const { port } = new URL(page);
    const { error, code } = await runCommand("start/cli.js", ["--port", port, "--page-port", "0"]);
    expect(error.replaceAll("\n", " ")).toContain(`Port ${port} is in use by another program`);
    expect(error.replaceAll("\n", " ")).toContain("choose another port with --port.");
    expect(code).toBe(1);
  });

  it("ends with the shell that npm runs it in, which does not pass signals on", async () => {
    const script = join(packageRoot, "dist/commands/start/cli.js");
    const line = `true && "${process.execPath}" "${script}" ${args.join(" ")}; true`;
    const shell = spawn("sh", ["-c", line], {
      env: { PATH: process.env.PATH, npm_lifecycle_event: "start" },
    });
    const page = await pageOf(shell);
    const closed = once(shell, "close");
    shell.kill("SIGTERM");
    // The pipes close when the last process that holds them has ended.
    await closed;
    await expect(fetch(page)).rejects.toThrow("fetch failed");
  });
});
