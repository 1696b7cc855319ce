import { jsonFrom } from "../json";
import { addressFrom } from "./address";
import { domainFrom } from "./domain-name";

/** What is longer is one value, which its reader refuses. */
const longest = 16_000;
const mostHosts = 100;

/**
 * The values within what a connector wrote into one property of an entity: without the label, quotes, brackets and
 * punctuation around it, without the escapes of HTML, percent and JSON, and one by one where there are several. At least
 * one, which may be empty.
 */
export function writtenValues(written: string): readonly string[] {
  if (written.length > longest) return [written.trim()];
  const text = trimmed(htmlUnescaped(written));
  const values = (stringsOfJson(text) ?? [text]).flatMap(lines).flatMap(atSchemes).map(bare).flatMap(hosts);
  const distinct = [...new Set(values)].filter((value) => value !== "");
  return distinct.length > 0 ? distinct : [""];
}

/** Without white space and invisible characters around it, which come along when a text is copied. */
function trimmed(text: string): string {
  const isBlank = (position: number) => /[\s\p{Cf}\p{Cc}]/u.test(text.charAt(position));
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(start)) start++;
  while (end > start && isBlank(end - 1)) end--;
  return text.slice(start, end);
}

const named: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

function htmlUnescaped(text: string): string {
  return text
    .replace(/&(?:(?:amp|#0{0,5}38|#x0{0,5}26);)+/gi, "&")
    .replace(/&(?:(lt|gt|quot|apos|nbsp)|#(\d{2,3})|#x([\da-f]{2}));/gi, (reference, name, decimal, hex) => {
      if (name) return named[name.toLowerCase()] ?? reference;
      return String.fromCharCode(decimal ? Number(decimal) : Number.parseInt(hex, 16));
    });
}

/** The texts in a JSON text, list or object; `undefined` for any other text. */
function stringsOfJson(text: string): readonly string[] | undefined {
  if (!/^["[{]/.test(text)) return undefined;
  const value = jsonFrom(text);
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return undefined;
  const items = Object.values(value).flatMap((item) =>
    typeof item === "object" && item !== null ? Object.values(item) : [item],
  );
  const strings = items.filter((item) => typeof item === "string");
  return strings.length > 0 ? strings : undefined;
}

/** A URL at the start of a text, defanged or encoded. */
const urlStart = /^[("'<[{`]{0,5}(?:(?:h(?:tt|xx|\*\*)ps?|f[tx]ps?)\W{1,8}[\w%[]|www[[(]?\.)/i;

/** Lines are values, or one value that was wrapped. */
function lines(text: string): readonly string[] {
  const parts = text.split(/[\t\r\n]+/).map((line) => line.trim());
  const areValues = parts.length <= mostHosts && parts.every((part) => urlStart.test(part) || isHost(part));
  return areValues ? parts : [parts.join("")];
}

/** Where a separator stands before something that begins as a URL does. */
const beforeScheme =
  /(?<![\s,;|])[\s,;|]+(?=[("'<[{`]{0,5}(?:(?:h(?:tt|xx|\*\*)ps?|f[tx]ps?)(?:\[?:|%3a)|www[[(]?\.))/i;

function atSchemes(text: string): readonly string[] {
  const [first = "", ...others] = text.split(beforeScheme);
  const isLabel = others.length > 0 && /^[^/?#.\\@]{0,100}$/.test(first);
  return isLabel ? others : [first, ...others];
}

/** The scheme of a URL, at its first place in a text. */
const scheme = /h(?:tt|xx|\*\*)ps?(?:[[({]?:|%3a)/i;
const label =
  /^(?:ur[il]|link|href|src|source|host|host ?name|domain|domain ?name|fqdn|dns|ip|ip ?address|address|site)\s{0,3}[:=]\s{0,3}(?!\d+$)/i;
const closers: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  "`": "`",
  "<": ">",
  "(": ")",
  "[": "]",
  "{": "}",
};

/** The value alone: `url="http://a.com".` is `http://a.com`. */
function bare(text: string): string {
  const at = text.search(scheme);
  // A URL within a URL, or within a script, is a part of it.
  const isLabelled = at > 0 && at <= 100 && !/[/?#.\\@]/.test(text.slice(0, at));
  const start = isLabelled ? at : (label.exec(text)?.[0].length ?? 0);
  return percentDecoded(withoutClosers(unquoted(text, start)));
}

const deepestQuotes = 5;

/** From `start` on, to the end of the quotes or brackets that begin right before or there. */
function unquoted(text: string, start: number, depth = 0): string {
  const before = text.charAt(start - 1);
  const at = Object.hasOwn(closers, before) ? start - 1 : start;
  const opener = text.charAt(at);
  const closer = closers[opener];
  if (closer === undefined || depth === deepestQuotes) return text.slice(start);
  const rest = text.slice(at + 1);
  const end = closer === opener ? rest.indexOf(closer) : balancedEnd(rest, opener, closer);
  const inner = rest.slice(0, end);
  // `[2606:4700::1111]:443` begins with a bracket of its own.
  if (end < 0 || (opener === "[" && /^[\da-f:.%]+$/i.test(inner))) return text.slice(start);
  return unquoted(inner.trim(), 0, depth + 1);
}

/** Where the bracket that was open before the text is closed; -1 when it is not. */
function balancedEnd(text: string, opener: string, closer: string): number {
  let open = 1;
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    if (character === opener) open++;
    else if (character === closer && --open === 0) return i;
  }
  return -1;
}

const pairs: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{", ">": "<" };

/** Without the punctuation of the sentence around it: a bracket at the end belongs to the value if it was opened in it. */
function withoutClosers(text: string): string {
  const surplus = new Map(
    Object.entries(pairs).map(([closer, opener]) => [closer, count(text, closer) - count(text, opener)]),
  );
  let end = text.length;
  for (; end > 0; end--) {
    const last = text.charAt(end - 1);
    const more = surplus.get(last);
    if (more !== undefined && more > 0) surplus.set(last, more - 1);
    else if (!' \t,;:."'.includes(last)) break;
  }
  return text.slice(0, end);
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

/** A URL that is encoded as a whole, up to its scheme. */
function percentDecoded(text: string): string {
  if (!/^h(?:tt|xx)ps?(?::(?:%2f|%252f)|%(?:25){0,2}3a)/i.test(text)) return text;
  try {
    const decoded = decodeURIComponent(text);
    return decoded === text ? text : percentDecoded(decoded);
  } catch {
    return text;
  }
}

/** Several hosts in one text, none of them a URL. */
function hosts(text: string): readonly string[] {
  const parts = text.split(/[\s,;|]+/).filter((part) => part !== "");
  return parts.length > 1 && parts.length <= mostHosts && parts.every(isHost) ? parts : [text];
}

function isHost(text: string): boolean {
  return [addressFrom(text), domainFrom(text)].some(
    (reading) => reading.kind === "lookup" || (!reading.unreadable && text.includes(".")),
  );
}
