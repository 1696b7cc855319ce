import { encodeMarkup, encodePlain, encodeText } from "./encode";

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
