import { encodeMarkup, encodeText } from "./encode";

/** Where a link may lead, exactly these hosts: reports of the services, and incidents in Microsoft's portals. */
const hosts: readonly string[] = [
  "www.virustotal.com",
  "analyze.intezer.com",
  "portal.azure.com",
  "portal.azure.us",
  "portal.azure.cn",
  "security.microsoft.com",
  "security.microsoft.us",
  "security.apps.mil",
];

const maxLength = 1_000;

/** An anchor, or only its text when the address is none that we link to. */
export function safeLink(address: string | undefined, text: string): string {
  const href = allowedHref(address);
  return href ? `<a href="${href}" target="_blank">${encodeText(text)}</a>` : encodeText(text);
}

function allowedHref(address = ""): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  const isAllowed = url.protocol === "https:" && !url.username && !url.password && hosts.includes(url.host);
  return isAllowed && url.href.length <= maxLength ? encodeMarkup(url.href) : undefined;
}
