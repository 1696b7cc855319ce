import { fileNameIn, readableFirst } from "../domain/text";
import { untrustedText } from "./untrusted-text";

/** The file name at the end of a path from a service; `undefined` if it is unreadable. */
export function fileNameFrom(path: unknown, maxLength: number): string | undefined {
  const name = typeof path === "string" ? untrustedText(fileNameIn(path), maxLength) : undefined;
  return name && /[\p{L}\p{N}]/u.test(name) ? name : undefined;
}

/** The file names at the end of the paths, each once, readable ones first. */
export function fileNamesFrom(paths: readonly unknown[], maxLength: number): readonly string[] {
  const names = paths.flatMap((path) => (typeof path === "string" ? [fileNameIn(path)] : []));
  return [...new Set(readableFirst(names).flatMap((name) => fileNameFrom(name, maxLength) ?? []))];
}
