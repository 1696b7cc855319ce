import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { commitSchema } from "./commit-schema";
import type { Commit } from "./instances";

/** All commits of a hub, in order, one JSON line each. */
export interface Journal {
  /**
   * In the hands of the operating system when it returns: it outlives the process. Throws when it cannot be written
   * (an error whose message is for people), from then on, and when closed.
   */
  append(commit: Commit): void;
  /** Whether it has grown past the size asked for, and to twice what the last `replace` left. */
  isLarge(): boolean;
  /** Writes a new file with these commits and puts it in the old one's place in one step. Throws as `append` does. */
  replace(commits: readonly Commit[]): void;
  close(): void;
}

/** Keeps nothing. */
export const noJournal: Journal = {
  append: () => {},
  isLarge: () => false,
  replace: () => {},
  close: () => {},
};

interface JournalOptions {
  readonly folder: string;
  readonly name: string;
  /** Size from which `isLarge`. */
  readonly largeFromBytes: number;
  readonly restore: (commit: Commit) => void;
  /** Called with the error of the first write that fails, before that is thrown. */
  readonly onFailure: (error: Error) => void;
}

/** Opens or creates a journal, after `readJournal`. */
export function openJournal({ folder, name, largeFromBytes, restore, onFailure }: JournalOptions): Journal {
  mkdirSync(folder, { recursive: true });
  readJournal(folder, name, restore);
  const file = fileOf(folder, name);
  let descriptor: number | undefined = openSync(file, "a");
  let size = statSync(file).size;
  let largeFrom = largeFromBytes;
  let unusable: Error | undefined;

  const close = () => {
    if (descriptor !== undefined) closeSync(descriptor);
    descriptor = undefined;
  };
  /** After a failed write nothing more is written: the file ends with what was confirmed. */
  const write = (change: () => void) => {
    if (unusable) throw unusable;
    try {
      change();
    } catch (error) {
      close();
      unusable = writeError(file, error);
      onFailure(unusable);
      throw unusable;
    }
  };
  return {
    append: (commit) =>
      write(() => {
        if (descriptor !== undefined) size += writeLine(descriptor, commit);
      }),
    isLarge: () => size >= largeFrom,
    replace: (kept) =>
      write(() => {
        size = writeFile(`${file}.new`, kept);
        largeFrom = Math.max(largeFromBytes, 2 * size);
        // Windows renames nothing over a file that is open.
        close();
        renameSync(`${file}.new`, file);
        descriptor = openSync(file, "a");
      }),
    close() {
      unusable ??= new Error("The task hub is stopped.");
      close();
    },
  };
}

/** Returns the size of the file, bytes. Leaves no file when it cannot be written whole. */
function writeFile(file: string, commits: readonly Commit[]): number {
  const descriptor = openSync(file, "w");
  try {
    return commits.reduce((total, commit) => total + writeLine(descriptor, commit), 0);
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** A write may take only a part. */
function writeLine(descriptor: number, commit: Commit): number {
  const line = Buffer.from(`${JSON.stringify(commit)}\n`);
  for (let written = 0; written < line.length; ) written += writeSync(descriptor, line, written);
  return line.length;
}

const fileOf = (folder: string, name: string) => join(folder, `${name}.jsonl`);

/**
 * Hands what a journal holds to `restore`, in order; nothing when there is none. A last line that was cut off, as a
 * killed process leaves it, is removed; any other line that is unreadable, or that `restore` refuses, is an error that
 * names file and line.
 */
export function readJournal(folder: string, name: string, restore: (commit: Commit) => void): void {
  const file = fileOf(folder, name);
  if (!existsSync(file)) return;
  const bytes = readFileSync(file);
  const end = bytes.lastIndexOf("\n") + 1;
  if (end < bytes.length) truncateSync(file, end);
  const lines = bytes.subarray(0, end).toString("utf8").split("\n").slice(0, -1);
  for (const [index, line] of lines.entries()) {
    try {
      restore(commitFrom(line));
    } catch (error) {
      throw new Error(
        `Line ${index + 1} of ${file} cannot be read: ${(error as Error).message} Restore the file from a copy, or delete it to start with an empty task hub.`,
      );
    }
  }
}

/** Throws an error that says in a sentence what is wrong. */
function commitFrom(line: string): Commit {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new Error("it is not JSON.");
  }
  const { error } = commitSchema.safeParse(value);
  if (!error) return value as Commit;
  const path = error.issues[0]?.path.join(".");
  throw new Error(path ? `"${path}" is missing or wrong.` : "it is not a change of the task hub.");
}

const writeFailures: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file has reached the largest size that is allowed",
  EROFS: "the disk is read-only",
};

function writeError(file: string, error: unknown): Error {
  const { code = "", message } = error as NodeJS.ErrnoException;
  const reason = writeFailures[code] ?? message;
  return new Error(
    `${file} cannot be written: ${reason}. Make room and start the host again; it continues with everything it has confirmed.`,
    { cause: error },
  );
}
