import type { Indicator } from "./indicator";

/** An indicator as people share it, so that nothing makes a link of it: `hxxps://evil[.]example[.]com/`. */
export function defang({ kind, value }: Pick<Indicator, "kind" | "value">): string {
  if (kind === "file") return value;
  return kind === "url" ? defangText(value) : defangHost(value);
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

/** Reverses the usual ways to defang: `hxxp`, `[.]`, `(.)`, `{.}`, `[dot]`, `[:]`, `[://]`. */
export function refang(text: string): string {
  return text
    .replace(/^h(?:xx|\*\*)p(?=s?\[?:)/i, "http")
    .replace(/\[(:|:\/\/)\]/g, "$1")
    .replace(/\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)|\{dot\}/gi, ".");
}
