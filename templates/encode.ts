import { defangText } from "../domain/indicators/defang";

/**
 * Characters that are invisible and that can make a text look like another one: control, format (bidirectional overrides,
 * zero-width and tag characters), fillers, variation selectors, lone surrogates.
 */
const invisible =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\uFFFC]/gu;

/** U+2800 is a letter of Braille without dots. */
const whiteSpace = /[\s\u2800]+/g;

/** Marks that hang on nothing of the text, and so on ours; and more on one letter than any language puts there. */
const strayMarks = /(?<![^\s])\p{M}+|(?<=\p{M}{2})\p{M}+/gu;

/** Letters that are written from right to left, with what stands between two of them. */
const rightToLeft =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]+(?:[\s\p{P}\p{M}]{1,10}[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]+)*/gu;

/** What is markup in HTML or in Markdown, which portals read in places within HTML, too. */
const markup = /[&<>"'`*_[\]()|~#!\\]/g;

/** Untrusted text as text in one line of HTML: no tag, no link, no Markdown comes of it, whatever stands in it. */
export function encodeText(value: unknown): string {
  return encodeMarkup(oneLine(value));
}

/** Markup characters as numeric entities; also for attributes. */
export function encodeMarkup(text: string): string {
  return text.replace(markup, (character) => `&#${character.charCodeAt(0)};`);
}

/** Characters that look alike and are no markup. */
const lookalikes: Readonly<Record<string, string>> = {
  "<": "‹",
  ">": "›",
  "`": "'",
  "*": "∗",
  "~": "∼",
  "[": "［",
  "]": "］",
};

/** The brackets that defang an address, and those of an IPv6 address: no dialect makes anything of what is in them. */
const kept = /(\[(?:[.@:]|:\/\/|[\da-f.]{0,15}:[\da-f:.]{1,45})\])/i;

/**
 * Untrusted text for a comment without markup, in which entities and backslashes would be read as they are. It is never
 * the beginning of a line. Every replaced character can be guessed, and what indicators are made of stays: an
 * underscore within a word, and brackets where they defang (https://spec.commonmark.org, 6.2 and 6.3).
 */
export function encodePlain(value: unknown): string {
  return oneLine(value)
    .split(kept)
    .map((part, i) => (i % 2 === 1 ? part : part.replace(/[<>`*~[\]]/g, (c) => lookalikes[c] ?? "")))
    .join("")
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "＿")
    .replace(/\](?=[([:])/g, "] ");
}

/** A text with nothing of all that, as most are. */
const plainLine = /^[ -~\u00a1-\u00ac\u00ae-\u02ff\u2013\u2014\u2018-\u201d\u2022\u2026]*$/;

function oneLine(value: unknown): string {
  const text = String(value ?? "");
  if (plainLine.test(text)) return defangText(text.replace(/ +/g, " "));
  const line = text.replace(whiteSpace, " ").replace(invisible, "").replace(strayMarks, "");
  return defangText(line).replace(rightToLeft, "\u2068$&\u2069");
}

/** Where links may lead. A host that begins with a dot stands for every host below it. */
export type LinkHosts = readonly string[];

const maxLength = 1_000;

/** An anchor, or only its text when the address is none that we link to. */
export function safeLink(address: string | undefined, text: string, hosts: LinkHosts): string {
  const href = allowedAddress(address, hosts);
  return href ? `<a href="${encodeMarkup(href)}" target="_blank">${encodeText(text)}</a>` : encodeText(text);
}

/** The same for a comment without markup: the address stands behind the text. */
export function plainLink(address: string | undefined, text: string, hosts: LinkHosts): string {
  const href = allowedAddress(address, hosts);
  return href ? `${encodePlain(text)} (${percentEncoded(href)})` : encodePlain(text);
}

/** What could be read as Markdown, or as the end of the address. */
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
