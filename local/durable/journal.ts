import { closeSync, existsSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Commit } from "./instances";

/** All commits of a hub, in order, one JSON line each. */
export interface Journal {
  /** In the hands of the operating system when it returns: it outlives the process. Throws when closed. */
  append(commit: Commit): void;
  close(): void;
}

/** Journal in memory's place: nothing is kept. */
export const noJournal: Journal = { append: () => {}, close: () => {} };

/**
 * Opens or creates a journal and reads what it holds. A last line that was cut off, as a killed process leaves it, is
 * removed; any other unreadable line is an error that names file and line.
 */
export function openJournal(folder: string, name: string): { commits: readonly Commit[]; journal: Journal } {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.jsonl`);
  const commits = existsSync(file) ? readCommits(file) : [];
  const descriptor = openSync(file, "a");
  let closed = false;
  return {
    commits,
    journal: {
      append(commit) {
        if (closed) throw new Error("The task hub is stopped.");
        writeLine(descriptor, `${JSON.stringify(commit)}\n`);
      },
      close() {
        closed = true;
        closeSync(descriptor);
      },
    },
  };
}

/** A write may take only a part. */
function writeLine(descriptor: number, line: string): void {
  let rest = Buffer.from(line);
  while (rest.length > 0) rest = rest.subarray(writeSync(descriptor, rest));
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
