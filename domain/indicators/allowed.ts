import { BlockList } from "node:net";
import ipaddr from "ipaddr.js";
import { getPublicSuffix } from "tldts";
import { asciiName } from "./domain-name";
import { hashFrom } from "./hash";
import type { Indicator } from "./indicator";

/** One entry of the setting ALLOWED_INDICATORS. The indicators that it covers are never sent. */
export type Allowed =
  /** An address or a range, in CIDR notation. */
  | { readonly kind: "address"; readonly range: string }
  /** A domain with its subdomains; not the URLs on it. */
  | { readonly kind: "domain"; readonly name: string }
  | { readonly kind: "file"; readonly hash: string }
  /** The URLs on exactly this host. */
  | { readonly kind: "url"; readonly host: string };

/** An entry, or what is wrong with it, as a phrase after "which is": "a public suffix, ...". */
type AllowedReading = { readonly entry: Allowed } | { readonly problem: string };

const widest = { ipv4: 8, ipv6: 32 } as const;
const urlPrefix = /^url:/i;

/** Reads one entry of ALLOWED_INDICATORS. An entry that would also cover other organisations' indicators is a problem. */
export function allowedFrom(text: string): AllowedReading {
  const range = rangeFrom(text);
  if (range) return range;
  const hash = hashFrom(text, "");
  if (hash.kind === "hash") {
    return hash.algorithm === "md5"
      ? { problem: "an MD5, which two files may share: name the SHA-256 or SHA-1" }
      : { entry: { kind: "file", hash: hash.value } };
  }
  const isUrl = urlPrefix.test(text);
  const name = hostFrom(text.replace(urlPrefix, ""), isUrl);
  const problem = problemOf(name);
  if (problem) return { problem };
  return { entry: isUrl ? { kind: "url", host: name } : { kind: "domain", name } };
}

function rangeFrom(text: string): AllowedReading | undefined {
  const isRange = ipaddr.isValidCIDR(text);
  if (!isRange && !isAddress(text)) return undefined;
  const [address, bits] = isRange
    ? ipaddr.parseCIDR(text)
    : [ipaddr.process(text), ipaddr.process(text).kind() === "ipv4" ? 32 : 128];
  const least = widest[address.kind()];
  if (bits < least) return { problem: `a range wider than /${least}` };
  return { entry: { kind: "address", range: `${address}/${bits}` } };
}

/** Only in the ordinary spelling: some programs also accept `10.1` and `0x0a000001`. */
function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
}

/** In a URL, the host may also be an IP address. */
function hostFrom(text: string, isUrl: boolean): string {
  const address = text.replace(/^\[(.*)\]$/, "$1");
  if (isUrl && isAddress(address)) {
    const parsed = ipaddr.process(address);
    return parsed.kind() === "ipv6" ? `[${parsed}]` : parsed.toString();
  }
  return asciiName(text) ?? "";
}

function problemOf(host: string): string | undefined {
  if (host === "") {
    return "not an address, a range, a domain, a SHA-1 or SHA-256 of a file, or url: with a host";
  }
  if (host.startsWith("[") || ipaddr.IPv4.isValidFourPartDecimal(host)) return undefined;
  if (!host.includes(".")) return "a single label: name a whole domain";
  if (getPublicSuffix(host, { allowPrivateDomains: true }) === host) {
    return "a public suffix, below which anyone may have a domain";
  }
  return undefined;
}

/**
 * Returns a function that says whether an entry covers an indicator. Such an indicator is left out, which never makes it
 * clean. The entries are parsed once, for any number of indicators.
 */
export function allowList(entries: readonly Allowed[]): (indicator: Indicator) => boolean {
  const ranges = new BlockList();
  const domains = new Set<string>();
  const hashes = new Set<string>();
  const hosts = new Set<string>();
  for (const entry of entries) {
    if (entry.kind === "domain") domains.add(entry.name);
    else if (entry.kind === "file") hashes.add(entry.hash);
    else if (entry.kind === "url") hosts.add(entry.host);
    else {
      const [address, bits] = ipaddr.parseCIDR(entry.range);
      ranges.addSubnet(address.toString(), bits, address.kind());
    }
  }
  return ({ kind, value, hashes: { sha256 = "", sha1 = "" } = {} }) => {
    switch (kind) {
      case "address":
        return ranges.check(value, ipaddr.parse(value).kind());
      case "domain":
        return parentsOf(value).some((name) => domains.has(name));
      case "file":
        return hashes.has(sha256) || hashes.has(sha1);
      case "url":
        return hosts.has(new URL(value).hostname);
    }
  };
}

/** The name itself first: `a.b.com`, `b.com`, `com`. */
function parentsOf(name: string): readonly string[] {
  const labels = name.split(".");
  return labels.map((_, i) => labels.slice(i).join("."));
}
