import { untrustedText } from "./untrusted-text";

/** Only the end of a longer path is read. */
const longestRead = 1_000;

const separator = /[\\/\u2044\u2215\u29f5\ufe68\uff0f\uff3c]|%5c|%2f/i;

/**
 * The name at the end of a path of any system (with a drive, UNC, percent-encoded): its folders name people and projects
 * that are not the reader's business. `undefined` where it ends in a folder, or nothing of it can be read.
 */
export function fileNameFrom(path: unknown, maxLength: number): string | undefined {
  if (typeof path !== "string") return undefined;
  const last = path.slice(-longestRead).trim().split(separator).at(-1);
  const name = untrustedText(last?.replace(/^[a-z]:/i, ""), maxLength);
  return name && /[\p{L}\p{N}]/u.test(name) ? name : undefined;
}

/** The file names at the end of the paths, each once, those that lost their characters in a wrong encoding last. */
export function fileNamesFrom(paths: readonly unknown[], maxLength: number): readonly string[] {
  const ends = paths.flatMap((path) => (typeof path === "string" ? [path.slice(-longestRead)] : []));
  const sorted = [...ends.filter((path) => !isGarbled(path)), ...ends.filter(isGarbled)];
  return [...new Set(sorted.flatMap((path) => fileNameFrom(path, maxLength) ?? []))];
}

/** Bytes of UTF-8 read as Windows-1252, or of another alphabet's encoding read as Latin-1. */
const misread = [
  /[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]/,
  /[\u00a1-\u00ff]{4}/,
];
/** Control, replacement, private-use and unassigned characters, and question marks, in place of letters. */
const meaningless = /[\ufffd\p{Cc}\p{Co}\p{Cn}]|\?{2}/u;

function isGarbled(path: string): boolean {
  return meaningless.test(path) || misread.some((sign) => sign.test(path));
}
