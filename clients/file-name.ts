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
  const names = [...new Set(paths.flatMap((path) => fileNameFrom(path, maxLength) ?? []))];
  return [...names.filter((name) => !isGarbled(name)), ...names.filter(isGarbled)];
}

/** UTF-8 that was read as Windows-1252, and an alphabet of one byte a letter that was read as Latin-1. */
const misread = [
  /[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]/,
  /[\u00a1-\u00ff]{4}/,
];
/** Replacement, private-use and unassigned characters, and question marks in place of letters. */
const meaningless = /[\ufffd\p{Co}\p{Cn}]|\?{2}/u;

function isGarbled(name: string): boolean {
  return meaningless.test(name) || misread.some((sign) => sign.test(name));
}
