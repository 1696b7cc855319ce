import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lockFolder } from "../../local/folder-lock";

const lockModule = JSON.stringify(join(__dirname, "../../dist/local/folder-lock.js"));

let folder: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lock-"));
});
afterEach(async () => {
  await Promise.all(children.splice(0).map(end));
  rmSync(folder, { recursive: true });
});

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

/** A process that tries to lock the folder and stays, with what it says: "locked", or why not. */
async function locker(): Promise<{ child: ChildProcess; answer: string }> {
  const code = `require(${lockModule}).lockFolder(${JSON.stringify(folder)})
    .then(() => console.log("locked"), (error) => console.log(error.message));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["-e", code], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  const [answer] = (await once(createInterface(child.stdout), "line")) as [string];
  return { child, answer };
}

describe("a folder", () => {
  it("belongs to one process, and the refusal names the folder and that process", async () => {
    const { child } = await locker();
    await expect(lockFolder(folder)).rejects.toThrow(
      `${folder} is in use by another process (${child.pid}). End that process, or choose another folder.`,
    );
  });

  it("is free when its process was killed", async () => {
    await end((await locker()).child);
    const lock = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toThrow("in use");
    lock.release();
  });

  it("is free when it was released", async () => {
    (await lockFolder(folder)).release();
    (await lockFolder(folder)).release();
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it("goes to one of several that want it at once, time and again", async () => {
    for (let round = 0; round < 3; round++) {
      const all = await Promise.all([locker(), locker(), locker(), locker()]);
      expect(all.filter(({ answer }) => answer === "locked")).toHaveLength(1);
      await Promise.all(children.splice(0).map(end));
    }
  });

  it("goes to one of many in one process, too", async () => {
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(folder)));
    const locks = all.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    expect(locks).toHaveLength(1);
    for (const lock of locks) lock.release();
  });

  it.each([
    { left: "an empty lock, as a process leaves it that dies while it creates it", text: "" },
    { left: "half a lock", text: '{"pid":1,' },
    { left: "something else", text: "{}" },
  ])("is free after $left", async ({ text }) => {
    writeFileSync(join(folder, ".lock-7"), text);
    const lock = await lockFolder(folder);
    expect(readdirSync(folder)).toEqual([".lock-8"]);
    lock.release();
  });

  it("is free when the process number and the port of its lock belong to other programs now", async () => {
    const other = createServer((socket) => socket.end("HTTP/1.1 400 Bad Request"));
    await once(other.listen(0, "127.0.0.1"), "listening");
    const { port } = other.address() as AddressInfo;
    writeFileSync(join(folder, ".lock-1"), JSON.stringify({ pid: process.pid, port, id: "a" }));
    (await lockFolder(folder)).release();
    other.close();
  });

  it.skipIf(process.platform === "win32")("stays locked under another name", async () => {
    await locker();
    const moved = `${folder}-moved`;
    renameSync(folder, moved);
    await expect(lockFolder(moved)).rejects.toThrow("in use");
    renameSync(moved, folder);
  });
});
