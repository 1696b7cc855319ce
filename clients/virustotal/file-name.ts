import { untrustedText } from "../untrusted-text";
import type { Attributes } from "./wire";

/** Longer texts are no names; only their end is read. */
const maxRead = 1_000;

/**
 * The name at the end of a path of any system (also percent-encoded, UNC, or with a drive): its folders tell of other
 * people's machines. `undefined` where it ends in a folder, or nothing of it can be read.
 */
export function fileNameFrom(path: unknown, maxLength: number): string | undefined {
  if (typeof path !== "string") return undefined;
  const last = path
    .slice(-maxRead)
    .trim()
    .split(/[\\/\u2044\u2215\u29f5\ufe68\uff0f\uff3c]|%5c|%2f/i)
    .at(-1);
  const name = untrustedText(last?.replace(/^[a-z]:/i, ""), maxLength);
  return name && /[\p{L}\p{N}]/u.test(name) ? name : undefined;
}

/** All names of a file, the readable ones first, then in the order given: `meaningful_name` comes first. */
export function fileNamesOf(
  { meaningful_name = "", names = [] }: Attributes,
  maxLength: number,
): readonly string[] {
  const paths = [meaningful_name, ...names].map((path) => path.slice(-maxRead));
  const sorted = [...paths.filter((path) => !isGarbled(path)), ...paths.filter(isGarbled)];
  return [...new Set(sorted.flatMap((path) => fileNameFrom(path, maxLength) ?? []))];
}

/** Bytes of UTF-8 read as Windows-1252, or of another alphabet's encoding read as Latin-1. */
const misread = [
  /[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]/,
  /[\u00a1-\u00ff]{4}/,
];
/** Control, replacement, private-use and unassigned characters stand for bytes that had no meaning. */
const meaningless = /[\ufffd\p{Cc}\p{Co}\p{Cn}]|\?{2}/u;

/** Whether a name was read in another encoding than it was written in. */
function isGarbled(name: string): boolean {
  return meaningless.test(name) || misread.some((sign) => sign.test(name));
}
