import { parse } from "tldts";
import type { Indicator } from "./indicator";

/**
 * An indicator in the form in which people share it, so that nothing turns it into a link:
 * `hxxps://evil[.]example[.]com/`.
 */
export function defang({ kind, value }: Pick<Indicator, "kind" | "value">): string {
  if (kind === "file") return value;
  return kind === "url" ? defangText(value) : defangHost(value);
}

/** `8[.]8[.]8[.]8`. The colons of an IPv6 address stay: nothing links them, and people can copy it. */
export function defangHost(host: string): string {
  return host.replace(liveDots, "[.]");
}

/** Not those of a host that is defanged, nor the end of a sentence. */
const liveDots = /(?<!\[)[.。．｡](?!$)|[.。．｡](?!\]|$)/g;

/**
 * Labels with dots: in ASCII and in any script, also with the characters that browsers treat as dots. Linkers accept
 * other characters in a host as well, and end it where the letters end.
 */
const asciiNames = /(?<![a-z\d.-])[a-z\d-]*\.[a-z\d.-]+/gi;
const names = /(?<![\p{L}\p{N}\p{M}.。．｡-])[\p{L}\p{N}\p{M}-]*[.。．｡][\p{L}\p{N}\p{M}.。．｡-]+/gu;
const isAscii = /^[\0-\x7f…]*$/;

/**
 * Text without anything that a portal could turn into a link: URLs, `www.`, names of the public DNS, email addresses.
 * File names change only if they could be host names: `setup.zip`.
 */
export function defangText(text: string): string {
  const isTopLevel = topLevelTest();
  const withoutSchemes = text.includes("//") ? schemesDefanged(text) : text;
  const withoutHosts = dot.test(withoutSchemes) ? hostsDefanged(withoutSchemes, isTopLevel) : withoutSchemes;
  return withoutHosts.includes("@") ? withoutHosts.replace(/(?<=[^\s@[])@(?=[^\s@])/g, "[@]") : withoutHosts;
}

function hostsDefanged(text: string, isTopLevel: (label: string) => boolean): string {
  return text.replace(isAscii.test(text) ? asciiNames : names, (name, position: number) => {
    const labels = name.split(dot);
    const isBehindOther = /[^\s/\\([{"']/.test(text.charAt(position - 1));
    const first = isBehindOther ? -1 : labels.findIndex((label) => label !== "");
    const isHost = labels.some(
      (label, i) => i > first && label !== "" && !labels[i + 1] && isTopLevel(label),
    );
    return isHost || /www\./i.test(name) ? defangHost(name) : name;
  });
}

/** Top-level domains that no longer exist but that linkers still know. */
const retired: readonly string[] = ["an", "cs", "dd", "tp", "um", "yu", "zr"];

/** Tests whether a label is a top-level domain, and remembers the result, since a lookup takes time. */
function topLevelTest(): (label: string) => boolean {
  const known = new Map<string, boolean>();
  return (written) => {
    const label = written.toLowerCase();
    const isTopLevel =
      known.get(label) ?? (label.startsWith("xn--") || retired.includes(label) || isTopLevelDomain(label));
    known.set(label, isTopLevel);
    return isTopLevel;
  };
}

const dot = /[.。．｡]/;

const longestScheme = 30;

/** Defangs each `scheme://host`, even where one follows another without a blank. */
function schemesDefanged(text: string): string {
  const pieces = text.split(/(?<!\[):\/\/|:\/\/(?!\])/);
  return pieces
    .map((piece, i) => {
      const end = i === 0 ? 0 : piece.search(/[\s/?#]|$/);
      const defanged = defangHost(piece.slice(0, end)) + piece.slice(end);
      return i === pieces.length - 1 ? defanged : withHarmlessScheme(defanged);
    })
    .join("")
    .replace(/(?<![:/])\/\/(?=[^\s/\]])/g, "/ /");
}

function withHarmlessScheme(text: string): string {
  const before = text.slice(0, -longestScheme);
  const last = text
    .slice(-longestScheme)
    .replace(/https?$/i, (scheme) => scheme.toLowerCase().replace("tt", "xx"))
    .replace(/ftps?$/i, (scheme) => scheme.toLowerCase().replace("t", "x"));
  return `${before}${last}${/(?:hxx|fx)ps?$/i.test(last) ? "://" : "[://]"}`;
}

/** Reverses the usual ways to defang: `hxxp`, `h**p`, `meow`, `[.]`, `(.)`, `{.}`, `[dot]`, `[:]`, `[://]`, `[/]`. */
export function refang(text: string): string {
  return text
    .replace(/^(?:h(?:xx|tx|xt|zz|\*\*|__)p|meow)(?=s?[[({]?:)/i, "http")
    .replace(/^fxp(?=s?[[({]?:)/i, "ftp")
    .replace(/[[({](:|:\/\/|\/\/?)[\])}]/g, "$1")
    .replace(/[[({]\.[\])}]?|\.[\])}]|[[({]dot[\])}]/gi, ".");
}

/** Whether a label, in lower case, is a top-level domain of the public DNS (https://publicsuffix.org, ICANN's section). */
export function isTopLevelDomain(label: string): boolean {
  // `za` stands in the list only with its second level.
  return label.length <= 63 && parse(`a.co.${label}`).isIcann === true;
}
