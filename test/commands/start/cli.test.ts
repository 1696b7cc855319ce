import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { packageRoot } from "../../../local/host/package-root";
import { scripts } from "../../../package.json";
import { runCommand } from "../../support/command";

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

/** What it prints once it runs. */
async function started(...args: string[]): Promise<{ child: ChildProcess; printed: string }> {
  const command = join(packageRoot, "dist/commands/start/cli.js");
  const child = spawn(process.execPath, [command, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  running.push(child);
  let printed = "";
  for await (const chunk of child.stdout) {
    printed += chunk;
    if (printed.includes("Ctrl+C ends it.")) return { child, printed };
  }
  throw new Error(`It ended: ${printed}`);
}

const origins = (printed: string) => [...new Set(printed.match(/http:\/\/127\.0\.0\.1:\d+/g))];

describe("npm start", () => {
  it("runs beside another one at ports of its own", async () => {
    const both = await Promise.all([
      started("--port", "0", "--page-port", "0"),
      started("--port", "0", "--page-port", "0"),
    ]);
    const pages = both.map(({ printed }) => /^Page to look at +(\S+)/m.exec(printed)?.[1] ?? "");
    for (const page of pages) expect((await fetch(page)).status).toBe(200);
    expect(new Set(pages).size).toBe(2);
  });

  it.skipIf(process.platform === "win32").each(["SIGTERM", "SIGINT"] as const)(
    "is ended by one %s with all that it serves",
    async (signal) => {
      const { child, printed } = await started("--port", "0", "--page-port", "0");
      const served = origins(printed);
      expect(served.length).toBeGreaterThan(4);
      child.kill(signal);
      expect(await once(child, "exit")).toEqual([0, null]);
      for (const origin of served) await expect(fetch(origin)).rejects.toThrow("fetch failed");
    },
  );

  it("says which port is taken", async () => {
    const other = createServer();
    await once(other.listen(0, "127.0.0.1"), "listening");
    const port = String((other.address() as AddressInfo).port);
    const message = `Port ${port} is taken by another program. End that program, or choose another port.\n`;
    for (const ports of [
      ["--port", port, "--page-port", "0"],
      ["--port", "0", "--page-port", port],
    ])
      expect(await runCommand("start/cli.js", ports)).toMatchObject({ code: 1, error: message });
    other.close();
  });
});

it.each(["start", "host", "start:func"] as const)(
  "npm run %s is one process, which a signal reaches",
  (name) => {
    expect(scripts[name]).toMatch(/^node commands\/run\.mjs \S+$/);
  },
);

describe.each(["demo.js", "start/cli.js", "package/cli.js", "record-histories/cli.js"])("%s", (file) => {
  it("refuses an unknown option with exit code 2, and does nothing", async () => {
    const { code, out, error } = await runCommand(file, ["--bogus"]);
    expect([code, out]).toEqual([2, ""]);
    expect(error).toMatch(/^Unknown option '--bogus'\n\nUsage: npm .*\n\nRun with --help for more\.\n$/s);
  });

  it("prints its usage when asked with -h, and does nothing", async () => {
    const { code, out, error } = await runCommand(file, ["-h"]);
    expect([code, error]).toEqual([0, ""]);
    expect(out).toMatch(/^Usage: npm /);
  });
});

it("refuses what is not a port", async () => {
  const { code, error } = await runCommand("start/cli.js", ["--page-port", "http"]);
  expect(code).toBe(2);
  expect(error).toContain('"http" is not a port: --page-port wants a number from 0 to 65535.');
});
