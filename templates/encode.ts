import { defangText } from "../domain/indicators/defang";

/**
 * Invisible characters that can make a text look like another one: control, format (bidirectional overrides, zero-width
 * and tag characters), fillers, variation selectors, lone surrogates.
 */
const invisible =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\uFFFC]/gu;

/** U+2800 is the Braille pattern without dots. */
const whiteSpace = /[\s\u2800]+/g;

/**
 * Marks without a letter of their own, which would attach to our text, and more marks on one letter than any language
 * uses.
 */
const strayMarks = /(?<![^\s])\p{M}+|(?<=\p{M}{2})\p{M}+/gu;

/** Letters that are written from right to left, with what is between two of them. */
const rightToLeft =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]+(?:[\s\p{P}\p{M}]{1,10}[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]+)*/gu;

/** Markup of HTML and of Markdown, which portals sometimes interpret within HTML as well. */
const markup = /[&<>"'`*_[\]()|~#!\\]/g;

/** Untrusted text as one line of HTML text: whatever it contains, it produces no tag, no link and no Markdown. */
export function encodeText(value: unknown): string {
  return encodeMarkup(oneLine(value));
}

/** The text with markup characters as numeric entities; also for attributes. */
export function encodeMarkup(text: string): string {
  return text.replace(markup, (character) => `&#${character.charCodeAt(0)};`);
}

/** Similar characters that are not markup. */
const lookalikes: Readonly<Record<string, string>> = {
  "<": "‹",
  ">": "›",
  "`": "'",
  "*": "∗",
  "~": "∼",
  "[": "［",
  "]": "］",
};

/** Brackets that defang, and those around an IPv6 address: no Markdown dialect interprets their content. */
const kept = /(\[(?:[.@:]|:\/\/|[\da-f.]{0,15}:[\da-f:.]{1,45})\])/i;

/**
 * Untrusted text for a comment without markup, in which people would see entities and backslashes literally. It is never
 * at the beginning of a line. Replaced characters are easy to guess, and characters of indicators stay: an underscore
 * within a word, and brackets that defang (https://spec.commonmark.org, 6.2 and 6.3).
 */
export function encodePlain(value: unknown): string {
  return oneLine(value)
    .split(kept)
    .map((part, i) => (i % 2 === 1 ? part : part.replace(/[<>`*~[\]]/g, (c) => lookalikes[c] ?? "")))
    .join("")
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "＿")
    .replace(/\](?=[([:])/g, "] ");
}

/** Text without any of these, which is the usual case. */
const plainLine = /^[ -~\u00a1-\u00ac\u00ae-\u02ff\u2013\u2014\u2018-\u201d\u2022\u2026]*$/;

function oneLine(value: unknown): string {
  const text = String(value ?? "");
  if (plainLine.test(text)) return defangText(text.replace(/ +/g, " "));
  const line = text.replace(whiteSpace, " ").replace(invisible, "").replace(strayMarks, "");
  return defangText(line).replace(rightToLeft, "\u2068$&\u2069");
}

/** Where links may lead. A host that begins with a dot includes all its subdomains. */
export type LinkHosts = readonly string[];

const maxLength = 1_000;

/** An anchor, or only its text if the URL is not one that we link to. */
export function safeLink(address: string | undefined, text: string, hosts: LinkHosts): string {
  const href = allowedAddress(address, hosts);
  return href ? `<a href="${encodeMarkup(href)}" target="_blank">${encodeText(text)}</a>` : encodeText(text);
}

/** The same for a comment without markup: the URL follows the text. */
export function plainLink(address: string | undefined, text: string, hosts: LinkHosts): string {
  const href = allowedAddress(address, hosts);
  return href ? `${encodePlain(text)} (${percentEncoded(href)})` : encodePlain(text);
}

/** The URL with percent-encoded characters that could be read as Markdown, or as its end. */
function percentEncoded(href: string): string {
  return href.replace(/[*~`'()[\]|!\\<>"]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function allowedAddress(address = "", hosts: LinkHosts): string | undefined {
  // Punycode is slow on long hosts.
  if (address.length > maxLength || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  const isKnown = hosts.some((host) => (host.startsWith(".") ? url.host.endsWith(host) : url.host === host));
  const isAllowed = url.protocol === "https:" && !url.username && !url.password && isKnown;
  return isAllowed && url.href.length <= maxLength ? url.href : undefined;
}
