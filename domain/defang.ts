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

/** Text in which every address that a portal could turn into a link is defanged: one with a scheme, or `www.`. */
export function defangText(text: string): string {
  return text
    .replace(
      /http(s?):\/\/([^\s/?#]*)/gi,
      (_, s: string, host: string) => `hxxp${s.toLowerCase()}://${defangHost(host)}`,
    )
    .replace(/ftp:\/\/([^\s/?#]*)/gi, (_, host: string) => `fxp://${defangHost(host)}`)
    .replace(/www\./gi, "www[.]");
}

/** Reverses the usual ways to defang: `hxxp`, `[.]`, `(.)`, `{.}`, `[dot]`, `[:]`, `[://]`. */
export function refang(text: string): string {
  return text
    .replace(/^h(?:xx|\*\*)p(?=s?\[?:)/i, "http")
    .replace(/\[(:|:\/\/)\]/g, "$1")
    .replace(/\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)|\{dot\}/gi, ".");
}
