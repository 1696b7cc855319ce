import { encodeMarkup, encodePlain, encodeText } from "./encode";

/** Where a link may lead, exactly these hosts: reports of VirusTotal, and incidents in Microsoft's portals. */
const hosts: readonly string[] = [
  "www.virustotal.com",
  "portal.azure.com",
  "portal.azure.us",
  "portal.azure.cn",
  "security.microsoft.com",
  "security.microsoft.us",
  "security.apps.mil",
];

/** Intezer has a host for each region. */
const domain = ".intezer.com";

const maxLength = 1_000;

/** An anchor, or only its text when the address is none that we link to. */
export function safeLink(address: string | undefined, text: string): string {
  const href = allowedAddress(address);
  return href ? `<a href="${encodeMarkup(href)}" target="_blank">${encodeText(text)}</a>` : encodeText(text);
}

/** The same for a comment without markup: the address stands behind the text. */
export function plainLink(address: string | undefined, text: string): string {
  const href = allowedAddress(address);
  return href ? `${encodePlain(text)} (${percentEncoded(href)})` : encodePlain(text);
}

/** What could be read as Markdown, or as the end of the address. */
function percentEncoded(href: string): string {
  return href.replace(/[*~`'()[\]|!\\<>"]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function allowedAddress(address = ""): string | undefined {
  // Punycode is slow on long hosts.
  if (address.length > maxLength || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  const isKnown = hosts.includes(url.host) || url.host.endsWith(domain);
  const isAllowed = url.protocol === "https:" && !url.username && !url.password && isKnown;
  return isAllowed && url.href.length <= maxLength ? url.href : undefined;
}
