import { defangText } from "../domain/defang";

/**
 * Control, format (bidirectional overrides, zero-width and tag characters) and lone surrogate characters: they can make
 * a text look like another one.
 */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}]/gu;

/** What is markup in HTML or in Markdown, which portals read in places within HTML, too. */
const markup = /[&<>"'`*_[\]()|~#!\\]/g;

/** Foreign text as text in one line of HTML: no tag, no link, no Markdown comes of it, whatever stands in it. */
export function encodeText(value: unknown): string {
  const line = String(value ?? "")
    .replace(/\s+/g, " ")
    .replace(invisible, "");
  return encodeMarkup(defangText(line));
}

/** Markup characters as numeric entities; also for attributes. */
export function encodeMarkup(text: string): string {
  return text.replace(markup, (character) => `&#${character.charCodeAt(0)};`);
}
