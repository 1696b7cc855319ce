import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";

interface FolderLock {
  /** Frees the folder for the next process. */
  release(): void;
}

interface Owner {
  readonly pid: number;
  /** Of loopback; The owner answers there with `id` while it has the folder. */
  readonly port: number;
  readonly id: string;
}

/**
 * Locks are numbered and the highest counts. It is never removed, not even by its owner, and only its owner's end allows
 * the next one: so no two processes can have the folder, however they race.
 */
const lockName = /^\.lock-(\d+)$/;
const pathOf = (folder: string, number: number) => join(folder, `.lock-${number}`);

/**
 * Makes a folder this process's own until `release`, or until the process ends in any way: an owner that does not
 * answer on its port has died. Creates the folder. Throws an error that names the folder and the process that has it.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  mkdirSync(folder, { recursive: true });
  const id = randomUUID();
  const server = await answerWith(id);
  const mine: Owner = { pid: process.pid, port: (server.address() as AddressInfo).port, id };
  try {
    await takeLock(folder, mine);
    return { release: () => void server.close() };
  } catch (error) {
    server.close();
    throw error;
  }
}

async function takeLock(folder: string, mine: Owner): Promise<void> {
  for (;;) {
    const highest = highestLock(folder);
    const owner = highest === 0 ? undefined : await readOwner(pathOf(folder, highest));
    if (owner && (await isAlive(owner)))
      throw new Error(
        `${folder} is in use by another process (${owner.pid}). End that process, or choose another folder.`,
      );
    const number = highest + 1;
    if (!createLock(pathOf(folder, number), mine)) continue;
    // Between these two steps another process may have taken a higher one and removed the dead one's.
    if (highestLock(folder) === number) {
      for (const older of locksIn(folder)) if (older < number) rmSync(pathOf(folder, older), { force: true });
      return;
    }
    rmSync(pathOf(folder, number), { force: true });
  }
}

const locksIn = (folder: string) =>
  readdirSync(folder).flatMap((name) => Number(lockName.exec(name)?.[1] ?? Number.NaN) || []);

const highestLock = (folder: string) => Math.max(0, ...locksIn(folder));

/** False when there is one already. */
function createLock(path: string, owner: Owner): boolean {
  try {
    writeFileSync(path, JSON.stringify(owner), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** `undefined` when the lock has been removed, is unreadable, or its process died while writing it. */
async function readOwner(path: string): Promise<Owner | undefined> {
  for (let tries = 0; tries < 20; tries++) {
    try {
      const owner = JSON.parse(readFileSync(path, "utf8")) as Owner;
      return Number.isInteger(owner.port) ? owner : undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      // Between its creation and its first byte.
      await delay(25);
    }
  }
  return undefined;
}

async function answerWith(id: string): Promise<Server> {
  const server = createServer((socket) => socket.on("error", () => {}).end(id));
  server.listen(0, "127.0.0.1").unref();
  await once(server, "listening");
  return server;
}

/** How long a busy owner may take to answer. */
const answerMs = 5_000;

async function isAlive({ port, id, pid }: Owner): Promise<boolean> {
  const socket = connect({ port, host: "127.0.0.1", timeout: answerMs });
  socket.once("timeout", () => socket.destroy(new Error("timeout")));
  try {
    return (await text(socket)) === id;
  } catch (error) {
    // Something listens but does not answer: the owner, suspended or very busy, unless it has ended.
    return (error as Error).message === "timeout" && isRunning(pid);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
