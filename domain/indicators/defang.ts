import type { Indicator } from "./indicator";
import { shownValueOf } from "./shown-value";
import { isTopLevelDomain } from "./top-level-domain";

/** An indicator as people share it, so that nothing makes a link of it: `hxxps://evil[.]example[.]com/`. */
export function defang(indicator: Pick<Indicator, "kind" | "value" | "byFingerprint">): string {
  const value = shownValueOf(indicator);
  if (indicator.kind === "file") return value;
  return indicator.kind === "url" ? defangText(value) : defangHost(value);
}

/** `8[.]8[.]8[.]8`. The colons of an IPv6 address stay: nothing links it, and it can be copied. */
export function defangHost(host: string): string {
  return host.replace(liveDots, "[.]");
}

/** Not those of a host that is defanged, nor the end of a sentence. */
const liveDots = /(?<!\[)[.。．｡](?!$)|[.。．｡](?!\]|$)/g;

/** Names with dots: in ASCII, and in any script, also with the dots that browsers take for one. */
const asciiNames = /(?<![\w.-])[\w-]*\.[\w.-]+/g;
const names = /(?<![\p{L}\p{N}\p{M}_-])[\p{L}\p{N}\p{M}_-]*[.。．｡][\p{L}\p{N}\p{M}_.。．｡-]+/gu;
/** Linkers take hosts with other characters, too, and see their end where the letters end. */
const lastLabel =
  /(?<=[^\s/\\([{"'])[.。．｡]([\p{L}\p{N}\p{M}-]+)(?![\p{L}\p{N}\p{M}-]|[.。．｡][\p{L}\p{N}])/gu;
const isAscii = /^[\0-\x7f…]*$/;

/**
 * Text in which nothing is left that a portal could turn into a link: addresses with a scheme, `www.`, names of the
 * public DNS, mail addresses. Of names of files only those are changed that could be names of hosts: `setup.zip`.
 */
export function defangText(text: string): string {
  const isTopLevel = topLevelTest();
  const withoutSchemes = text.includes("//") ? schemesDefanged(text) : text;
  const withoutHosts = dot.test(withoutSchemes) ? hostsDefanged(withoutSchemes, isTopLevel) : withoutSchemes;
  return withoutHosts.includes("@") ? withoutHosts.replace(/(?<=[^\s@[])@(?=[^\s@])/g, "[@]") : withoutHosts;
}

function hostsDefanged(text: string, isTopLevel: (label: string) => boolean): string {
  return text
    .replace(isAscii.test(text) ? asciiNames : names, (name) => {
      const labels = name.split(dot).filter((label) => label !== "");
      const isHost = (labels.length > 1 && isTopLevel(labels.at(-1) ?? "")) || /www\./i.test(name);
      return isHost ? defangHost(name) : name;
    })
    .replace(lastLabel, (end, label: string) => (isTopLevel(label) ? `[.]${label}` : end));
}

/** Top-level domains that no longer exist, and that linkers still know. */
const retired: readonly string[] = ["an", "cs", "dd", "tp", "um", "yu", "zr"];

/** Whether a label is a top-level domain. A text has few, and to look one up takes time. */
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

/** Each `scheme://host`, which may follow another without a blank. */
function schemesDefanged(text: string): string {
  const pieces = text.replace(/(?<![:/])\/\/(?=[^\s/\]])/g, "/ /").split(/(?<!\[):\/\/|:\/\/(?!\])/);
  return pieces
    .map((piece, i) => {
      const end = i === 0 ? 0 : piece.search(/[\s/?#]|$/);
      const defanged = defangHost(piece.slice(0, end)) + piece.slice(end);
      return i === pieces.length - 1 ? defanged : withHarmlessScheme(defanged);
    })
    .join("");
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
