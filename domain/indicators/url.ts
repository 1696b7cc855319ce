import { isIPv4 } from "node:net";
import { addressFrom } from "./address";
import { refang } from "./defang";
import { domainFrom } from "./domain-name";
import { leaveOut, lookup, type Reading } from "./indicator";

/** VirusTotal takes a URL as base64 in the path, and servers commonly refuse paths above 8 KiB. */
const maxLength = 4_000;

/**
 * Reads a URL; what is looked up is as WHATWG serialises it, without user info and fragment, which no server gets to
 * see. Without a scheme it is taken for `http`. Its host has to be public by the same rules as addresses and domains.
 */
export function urlFrom(text: string): Reading {
  const url = parsed(refanged(text.trim()));
  if (!url) return leaveOut("no valid URL");
  if (url.protocol !== "http:" && url.protocol !== "https:") return leaveOut("neither http nor https");
  const host = hostFrom(url.hostname);
  if (host.kind === "leftOut") return leaveOut(`URL with ${host.reason}`);
  url.username = "";
  url.password = "";
  url.hash = "";
  url.hostname = url.hostname.replace(/\.$/, "");
  return url.href.length > maxLength ? leaveOut(`URL longer than ${maxLength} characters`) : lookup(url.href);
}

/** A path may hold `[.]` for its own reasons: it is re-fanged only when scheme or host were defanged. */
function refanged(text: string): string {
  const [, head = "", rest = ""] = /^([^:/?#]*(?:\[?:\/\/\]?)?[^/?#]*)(.*)$/s.exec(text) ?? [];
  const plain = refang(head);
  return plain === head ? text : plain + refang(rest);
}

function parsed(text: string): URL | undefined {
  const hasScheme = /^[a-z][a-z\d+.-]*:(?!\d)/i.test(text);
  const href = hasScheme ? text : `http://${text.replace(/^\/+/, "")}`;
  return URL.canParse(href) ? new URL(href) : undefined;
}

function hostFrom(hostname: string): Reading {
  return hostname.startsWith("[") || isIPv4(hostname) ? addressFrom(hostname) : domainFrom(hostname);
}
