import { defangText } from "../domain/indicators/defang";

/**
 * Control, format (bidirectional overrides, zero-width and tag characters) and lone surrogate characters: they can make
 * a text look like another one.
 */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}]/gu;

/** What is markup in HTML or in Markdown, which portals read in places within HTML, too. */
const markup = /[&<>"'`*_[\]()|~#!\\]/g;

/** Foreign text as text in one line of HTML: no tag, no link, no Markdown comes of it, whatever stands in it. */
export function encodeText(value: unknown): string {
  return encodeMarkup(oneLine(value));
}

/** Markup characters as numeric entities; also for attributes. */
export function encodeMarkup(text: string): string {
  return text.replace(markup, (character) => `&#${character.charCodeAt(0)};`);
}

/** Characters that look alike and are markup to nobody. */
const lookalikes: Readonly<Record<string, string>> = { "<": "‹", ">": "›", "`": "'", "*": "∗", "~": "∼" };

/**
 * Foreign text for a comment without markup, in which entities and backslashes would be read as they are. It is never
 * the beginning of a line. Every replaced character can be guessed, and what indicators are made of stays: an
 * underscore within a word, and brackets unless they would make a link (https://spec.commonmark.org, 6.2 and 6.3).
 */
export function encodePlain(value: unknown): string {
  return oneLine(value)
    .replace(/[<>`*~]/g, (character) => lookalikes[character] ?? "")
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "＿")
    .replace(/\](?=[([:])/g, "] ")
    .replace(/(?<=\S)@(?=\S)/g, "[@]");
}

function oneLine(value: unknown): string {
  const line = String(value ?? "")
    .replace(/\s+/g, " ")
    .replace(invisible, "");
  return defangText(line);
}
