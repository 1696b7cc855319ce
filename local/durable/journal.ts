import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import type { Commit } from "./instances";

/** All commits of a hub, in order, one JSON line each. */
export interface Journal {
  /** In the hands of the operating system when it returns: it outlives the process. Throws when closed. */
  append(commit: Commit): void;
  /** Whether it has grown past the size asked for, and to twice what the last `replace` left. */
  isLarge(): boolean;
  /** Writes a new file with these commits instead of all before and puts it in the old one's place in one step. */
  replace(commits: readonly Commit[]): void;
  close(): void;
}

/** Journal in memory's place: nothing is kept. */
export const noJournal: Journal = {
  append: () => {},
  isLarge: () => false,
  replace: () => {},
  close: () => {},
};

/**
 * Opens or creates a journal and reads what it holds. A last line that was cut off, as a killed process leaves it, is
 * removed; any other unreadable line is an error that names file and line.
 */
export function openJournal(
  folder: string,
  name: string,
  largeFromBytes: number,
): { commits: readonly Commit[]; journal: Journal } {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.jsonl`);
  const commits = existsSync(file) ? readCommits(file) : [];
  let descriptor = openSync(file, "a");
  let size = statSync(file).size;
  let largeFrom = largeFromBytes;
  let closed = false;
  return {
    commits,
    journal: {
      append(commit) {
        if (closed) throw new Error("The task hub is stopped.");
        size += writeLine(descriptor, commit);
      },
      isLarge: () => size >= largeFrom,
      replace(kept) {
        const fresh = openSync(`${file}.new`, "w");
        size = kept.reduce((total, commit) => total + writeLine(fresh, commit), 0);
        largeFrom = Math.max(largeFromBytes, 2 * size);
        closeSync(descriptor);
        renameSync(`${file}.new`, file);
        descriptor = fresh;
      },
      close() {
        closed = true;
        closeSync(descriptor);
      },
    },
  };
}

/** A write may take only a part. */
function writeLine(descriptor: number, commit: Commit): number {
  const line = Buffer.from(`${JSON.stringify(commit)}\n`);
  for (let written = 0; written < line.length; ) written += writeSync(descriptor, line, written);
  return line.length;
}

function readCommits(file: string): Commit[] {
  const bytes = readFileSync(file);
  const end = bytes.lastIndexOf("\n") + 1;
  if (end < bytes.length) truncateSync(file, end);
  const lines = bytes.subarray(0, end).toString("utf8").split("\n").slice(0, -1);
  return lines.map((line, index) => {
    try {
      return JSON.parse(line) as Commit;
    } catch {
      throw new Error(
        `Line ${index + 1} of ${file} is no JSON. Delete the file to start with an empty task hub.`,
      );
    }
  });
}
