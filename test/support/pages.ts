import { readFileSync } from "node:fs";

export const read = (path: string) => readFileSync(path, "utf8");

/** What the first group of the pattern matched, each time. */
export const matches = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, found = ""]) => found);

/** Lines of the commands on a page in Markdown. */
export const commandsOf = (text: string) =>
  matches(text, /^ *```sh\n(.*?)^ *```$/gms).flatMap((block) =>
    block
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean),
  );
