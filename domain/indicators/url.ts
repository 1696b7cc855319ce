import { createHash } from "node:crypto";
import { isIPv4 } from "node:net";
import { addressFrom } from "./address";
import { refang } from "./defang";
import { domainFrom } from "./domain-name";
import { type Indicator, leaveOut, type Reading, unreadable } from "./indicator";
import { presentableUrl } from "./url-privacy";

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

/**
 * Hosts of Safe Links of Microsoft Defender for Office 365: the worldwide and GCC clouds, GCC High and DoD, and China's.
 * No one else can have a host below them.
 */
const safeLinkHosts = /(?:^|\.)safelinks\.protection\.(?:outlook\.com|office365\.us|partner\.outlook\.cn)$/i;

/** How often a link may be wrapped: forwarding an email can wrap it again. */
const deepestWrapping = 5;

interface Unwrapped {
  readonly text: string;
  /**
   * The Safe Link, for people to recognise it by: without the parameters that name the recipient, or other private
   * detail.
   */
  readonly safeLink?: string;
}

/** The URL within a Safe Link, unchanged; any other text as it is. */
export function unwrapSafeLink(text: string): Unwrapped {
  const outer = safeLinkFrom(text);
  if (!outer) return { text };
  let { target } = outer;
  for (let depth = 1; depth < deepestWrapping; depth++) target = safeLinkFrom(target)?.target ?? target;
  const shown = encodeURIComponent(presentableUrl(target));
  return { text: target, safeLink: `${outer.page}?url=${shown}`.slice(0, maxShownLength) };
}

const maxShownLength = 200;

function safeLinkFrom(text: string): { readonly page: string; readonly target: string } | undefined {
  if (!/safelinks/i.test(text)) return undefined;
  const reading = urlFrom(text);
  if (reading.kind === "leftOut") return undefined;
  const { origin, pathname, hostname, searchParams } = new URL(reading.value);
  const target = searchParams.get("url")?.trim();
  return safeLinkHosts.test(hostname) && target ? { page: origin + pathname, target } : undefined;
}

/**
 * VirusTotal's id of a URL: the SHA-256, in lower-case hex, of the URL as VirusTotal canonicalises it. The algorithm is
 * not published; recorded ids agree with the URL as WHATWG serialises it, without fragment, each escape decoded as
 * often as it is encoded, and then bytes up to the blank, from DEL on, `#` and `%` escaped (as Safe Browsing does).
 * Throws when `url` is none.
 */
export function urlFingerprint(url: string): string {
  return createHash("sha256").update(canonicalUrl(url)).digest("hex");
}

function canonicalUrl(url: string): string {
  const parsed = new URL(url);
  parsed.hash = "";
  return escaped(unescaped(Buffer.from(parsed.href)));
}

/** In one pass, however deeply it is encoded: what an escape leaves may complete the one around it. */
function unescaped(bytes: Buffer): Buffer {
  const decoded = Buffer.alloc(bytes.length);
  let length = 0;
  for (const byte of bytes) {
    decoded[length++] = byte;
    for (let value = escapeAt(decoded, length); value !== undefined; value = escapeAt(decoded, length)) {
      length -= 2;
      decoded[length - 1] = value;
    }
  }
  return decoded.subarray(0, length);
}

/** What the last three bytes stand for, where they are an escape. */
function escapeAt(bytes: Buffer, end: number): number | undefined {
  if (end < 3 || bytes[end - 3] !== 0x25) return undefined;
  const digits = bytes.toString("latin1", end - 2, end);
  return /^[\da-f]{2}$/i.test(digits) ? Number.parseInt(digits, 16) : undefined;
}

function escaped(bytes: Buffer): string {
  const isPlain = (byte: number) => byte > 0x20 && byte < 0x7f && byte !== 0x23 && byte !== 0x25;
  const hex = (byte: number) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  return [...bytes].map((byte) => (isPlain(byte) ? String.fromCharCode(byte) : hex(byte))).join("");
}
