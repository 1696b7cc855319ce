import { encodeMarkup, encodePlain, encodeText } from "./encode";

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
