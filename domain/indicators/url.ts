import { isIPv4 } from "node:net";
import { addressFrom } from "./address";
import { refang } from "./defang";
import { domainFrom } from "./domain-name";
import { type Indicator, leaveOut, type Reading, unreadable } from "./indicator";

/** VirusTotal takes a URL as base64 in the path, and servers commonly refuse paths above 8 KiB. */
const maxLength = 4_000;

/** A longer fragment is not sent, and not cut: half a fragment opens another page. */
const maxFragmentLength = 1_000;

/** A host as it is written: a name of 253 characters may be percent-encoded. */
const maxHostLength = 800;

/** The scheme of a URL with its colon; `contoso.com:8080` has none. */
const scheme = /^([a-z][a-z\d+.-]{0,30}):(?!\d)/i;

/**
 * Reads a URL. The canonical form is that of WHATWG, without user info and fragment, which servers never see. Without a
 * scheme, `http` is assumed. The host has to be public by the same rules as IP addresses and domains.
 */
export function urlFrom(text: string): Reading {
  const written = text.trim();
  if (/^\\\\|^\/\/[?.]\//.test(written)) return leaveOut("UNC path");
  if (/^[a-z]:[\\/]|^\\/i.test(written)) return leaveOut("file path");
  const [page, fragment] = splitAt(written, "#");
  const otherScheme = scheme.exec(refang(page.slice(0, 50)))?.[1] ?? "http";
  if (!/^https?$/i.test(otherScheme)) return leaveOut("neither http nor https");
  if (page.length > maxLength) return unreadable(`URL longer than ${maxLength} characters`);
  const url = parsed(refanged(page));
  if (!url) return unreadable("not a valid URL");
  const host = hostFrom(url.hostname);
  if (host.kind === "leftOut") return { ...host, reason: `URL with ${host.reason}` };
  url.username = "";
  url.password = "";
  url.hostname = url.hostname.replace(/\.$/, "");
  if (url.href.length > maxLength) return unreadable(`URL longer than ${maxLength} characters`);
  const value = url.href;
  return { kind: "lookup", value, ...fragmentOf(url, fragment) };
}

function splitAt(text: string, mark: string): readonly [before: string, from: string] {
  const position = text.indexOf(mark);
  return position < 0 ? [text, ""] : [text.slice(0, position), text.slice(position)];
}

/** As WHATWG serialises it. */
function fragmentOf(page: URL, written: string): Pick<Indicator, "fragment" | "fragmentWithheld"> {
  if (written.length > maxFragmentLength) return { fragmentWithheld: true };
  const { hash } = new URL(written, page);
  if (hash.length > maxFragmentLength) return { fragmentWithheld: true };
  return hash.length > 1 ? { fragment: hash } : {};
}

/** A path may hold `[.]` for its own reasons: it is re-fanged only when scheme or host were defanged. */
function refanged(text: string): string {
  const [, head = "", rest = ""] = /^([^:/?#]*(?:\[?:\/\/\]?)?[^/?#]*)(.*)$/s.exec(text) ?? [];
  const plain = refang(head);
  return plain === head ? text : plain + refang(rest);
}

function parsed(text: string): URL | undefined {
  const href = scheme.test(text) ? text : `http://${text.replace(/^\/+/, "")}`;
  // Punycode is slow on long hosts.
  const [, authority = ""] = /^[^:]*:[/\\]*([^/\\?]*)/.exec(href) ?? [];
  if (authority.slice(authority.lastIndexOf("@") + 1).length > maxHostLength) return undefined;
  return URL.canParse(href) ? new URL(href) : undefined;
}

function hostFrom(hostname: string): Reading {
  return hostname.startsWith("[") || isIPv4(hostname) ? addressFrom(hostname) : domainFrom(hostname);
}
