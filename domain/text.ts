/** `text`, or its beginning and an ellipsis; never half a character. `maxLength` counts UTF-16 units. */
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

/** With a full stop where the text has no end of its own. */
export function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * The name of a file without its folders, which may name people and projects: "a.exe" of "C:\\Users\\jane\\a.exe". For
 * the cards of providers, too: what a service calls a file is often the path on somebody's machine.
 */
export function fileNameIn(path: string): string {
  const parts = path.split(/[/\\]/).map((part) => part.trim());
  return parts.findLast((part) => part !== "") ?? "";
}

/**
 * Replacement and private-use characters, C1 controls, UTF-8 that was read as Latin-1 or Windows-1252, and question
 * marks in place of letters.
 */
const garbled =
  /[\ufffd\u0080-\u009f\p{Co}\p{Cn}\p{Cs}]|[ÂÃÐÑ][\u00a0-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|\?{2}/u;

/** The names in their order, those that lost their characters in a wrong encoding last. */
export function readableFirst(names: readonly string[]): readonly string[] {
  return names.toSorted((a, b) => Number(garbled.test(a)) - Number(garbled.test(b)));
}

/** "has no record" of "VirusTotal has no record", for a place that names VirusTotal itself. */
export function withoutSubject(text: string, subject: string): string {
  return text.startsWith(`${subject} `) ? text.slice(subject.length + 1) : text;
}

/** Items with equal keys together, groups and items in the order first seen. (`Map.groupBy` needs Node 21.) */
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
