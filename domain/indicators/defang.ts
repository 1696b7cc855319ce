import type { Indicator } from "./indicator";
import { shownValueOf } from "./shown-value";

/** An indicator as people share it, so that nothing makes a link of it: `hxxps://evil[.]example[.]com/`. */
export function defang(indicator: Pick<Indicator, "kind" | "value" | "byFingerprint">): string {
  const value = shownValueOf(indicator);
  if (indicator.kind === "file") return value;
  return indicator.kind === "url" ? defangText(value) : defangHost(value);
}

/** `8[.]8[.]8[.]8`. The colons of an IPv6 address stay: nothing links it, and it can be copied. */
export function defangHost(host: string): string {
  return host.replaceAll(".", "[.]");
}

/** Up to the next address, which may follow without a blank: each is defanged. */
const host = "((?:(?!https?:|ftp:)[^\\s/?#])*)";
const httpAddress = new RegExp(`http(s?)://${host}`, "gi");
const ftpAddress = new RegExp(`ftp://${host}`, "gi");

/** Text in which every address that a portal could turn into a link is defanged: one with a scheme, or `www.`. */
export function defangText(text: string): string {
  return text
    .replace(httpAddress, (_, s: string, name: string) => `hxxp${s.toLowerCase()}://${defangHost(name)}`)
    .replace(ftpAddress, (_, name: string) => `fxp://${defangHost(name)}`)
    .replace(/www\./gi, "www[.]");
}

/** Reverses the usual ways to defang: `hxxp`, `h**p`, `meow`, `[.]`, `(.)`, `{.}`, `[dot]`, `[:]`, `[://]`, `[/]`. */
export function refang(text: string): string {
  return text
    .replace(/^(?:h(?:xx|tx|xt|zz|\*\*|__)p|meow)(?=s?[[({]?:)/i, "http")
    .replace(/^fxp(?=s?[[({]?:)/i, "ftp")
    .replace(/[[({](:|:\/\/|\/\/?)[\])}]/g, "$1")
    .replace(/[[({]\.[\])}]?|\.[\])}]|[[({]dot[\])}]/gi, ".");
}
