/** `text`, or its beginning and an ellipsis; never cut within a character. `maxLength` counts UTF-16 units. */
export function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  return `${text.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/** "1 address", "2 addresses". */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}

/** "a, b and 3 more". */
export function listed(items: readonly string[], most: number): string {
  const more = items.length - most;
  return more > 0 ? `${items.slice(0, most).join(", ")} and ${more} more` : items.join(", ");
}

/** The text with a full stop, unless it already ends a sentence. */
export function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Only the end of a longer path is read. */
const longestPath = 1_000;

const separator = /[\\/\u2044\u2215\u29f5\ufe68\uff0f\uff3c]|%5c|%2f/i;

/**
 * The name at the end of a path of any system (with a drive, UNC, percent-encoded), without its folders, which name
 * people and projects: "a.exe" of "C:\\Users\\jane\\a.exe". Empty where the path ends in a folder.
 */
export function fileNameIn(path: string): string {
  const last = path.slice(-longestPath).trim().split(separator).at(-1) ?? "";
  return last.replace(/^[a-z]:/i, "").trim();
}

/** Bytes of UTF-8 read as Windows-1252, or of another alphabet's encoding read as Latin-1. */
const misread = [
  /[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]/,
  /[\u00a1-\u00ff]{4}/,
  // Shift JIS as Windows-1252, and what becomes of lost characters in GBK.
  /\u0192.{1,2}\u0192/,
  /\u951f\u65a4|\u70eb\u70eb|\u5c6f\u5c6f/,
];
/** Control, replacement, private-use and unassigned characters, and question marks, in place of letters. */
const meaningless = /[\ufffd\p{Cc}\p{Co}\p{Cn}\p{Cs}]|\?{2}/u;

function isGarbled(name: string): boolean {
  return meaningless.test(name) || misread.some((sign) => sign.test(name));
}

/** The names in their order, but names garbled by a wrong encoding come last. */
export function readableFirst(names: readonly string[]): readonly string[] {
  return [...names.filter((name) => !isGarbled(name)), ...names.filter(isGarbled)];
}

/** "has no record" of "VirusTotal has no record", for a place that names VirusTotal itself. */
export function withoutSubject(text: string, subject: string): string {
  return text.startsWith(`${subject} `) ? text.slice(subject.length + 1) : text;
}

/** Groups of items with equal keys; groups and items are in the order first seen. (`Map.groupBy` needs Node 21.) */
export function grouped<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): readonly (readonly [T, ...T[]])[] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return [...groups.values()];
}
