import ipaddr from "ipaddr.js";
import type { Indicator, IndicatorKind } from "../../domain/indicators/indicator";
import { urlFingerprint } from "../../domain/indicators/url-fingerprint";
import type { Report } from "./wire";

interface Collection {
  readonly path: string;
  readonly type: string;
  /** The id for the API, before percent-encoding. */
  readonly idOf: (indicator: Indicator) => string;
  /** Whether the report is the requested one. */
  readonly matches: (report: Report, indicator: Indicator) => boolean;
}

const collections: Readonly<Record<IndicatorKind, Collection>> = {
  file: {
    path: "files",
    type: "file",
    idOf: ({ value }) => value.toLowerCase(),
    matches: (report, { value }) => isFileOf(report, value.toLowerCase()),
  },
  address: {
    path: "ip_addresses",
    type: "ip_address",
    idOf: ({ value }) => value,
    matches: ({ id }, { value }) => sameAddress(id, value),
  },
  domain: {
    path: "domains",
    type: "domain",
    idOf: ({ value }) => value.toLowerCase(),
    matches: ({ id }, { value }) => id.toLowerCase() === value.toLowerCase(),
  },
  url: {
    path: "urls",
    type: "url",
    // https://docs.virustotal.com/reference/url#url-identifiers: RFC 4648 base64url without padding, or the SHA-256.
    idOf: ({ value, byFingerprint, fingerprint }) =>
      byFingerprint
        ? (fingerprint ?? urlFingerprint(value))
        : Buffer.from(withoutFragment(value), "utf8").toString("base64url"),
    // Otherwise the id is that of the URL as VirusTotal canonicalises it, which no one else can do reliably.
    matches: ({ id }, { value, byFingerprint, fingerprint }) =>
      byFingerprint ? id === (fingerprint ?? urlFingerprint(value)) : isSha256(id),
  },
};

/** Path of the indicator's report below the API's base URL. */
export function pathOf(indicator: Indicator): string {
  const { path, idOf } = collections[indicator.kind];
  return `/${path}/${encodeURIComponent(idOf(indicator))}`;
}

export function isReportOf(report: Report, indicator: Indicator): boolean {
  const { type, matches } = collections[indicator.kind];
  return report.type === type && matches(report, indicator);
}

/** The report of a file that was never analysed may lack MD5 and SHA-1, and then contradicts none. */
function isFileOf({ id, attributes: { md5, sha1 } }: Report, hash: string): boolean {
  const named = { 32: md5 ?? hash, 40: sha1 ?? hash, 64: id }[hash.length];
  return isSha256(id) && named?.toLowerCase() === hash;
}

/** Servers never see the fragment, and VirusTotal's id does not include it. */
function withoutFragment(url: string): string {
  return url.replace(/#.*$/s, "");
}

function isSha256(id: string): boolean {
  return /^[0-9a-f]{64}$/.test(id);
}

function sameAddress(a: string, b: string): boolean {
  return ipaddr.isValid(a) && ipaddr.isValid(b) && ipaddr.parse(a).toString() === ipaddr.parse(b).toString();
}
