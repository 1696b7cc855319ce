import { cut, fileNameIn, readableFirst } from "../domain/text";

/** Longer texts are cut before they are processed; it is much longer than any text that is shown. */
const longestRead = 10_000;

/**
 * Control, format and line-breaking characters, broken surrogates, white space, what has no meaning outside a font or a
 * program, and letters that print nothing.
 */
const blank =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\s\u115F\u1160\u2800\u3164\uFFA0\uFFFC]+/gu;
/** Selectors and joiners that change or hide the character before them. */
const invisibleMark = /\p{Default_Ignorable_Code_Point}/gu;
/** More marks on one letter than any script needs: they print over the lines around it. */
const piledMarks = /(\p{M}{4})\p{M}+/gu;

/**
 * Text that a service or an attacker chose, made fit for one line of an answer: characters that break a line, print
 * nothing or change the direction become one space, piled marks are reduced, and text longer than `maxLength` UTF-16 units
 * ends in an ellipsis. `undefined` if it is not text or nothing is left. The templates encode it for HTML.
 */
export function untrustedText(value: unknown, maxLength: number): string | undefined {
  if (typeof value !== "string") return undefined;
  const text = value
    .slice(0, longestRead)
    .replace(blank, " ")
    .replace(invisibleMark, "")
    .replace(piledMarks, "$1")
    .trim();
  return cut(text, maxLength) || undefined;
}

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
