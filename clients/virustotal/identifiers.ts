import { createHash } from "node:crypto";
import ipaddr from "ipaddr.js";
import type { Indicator, IndicatorKind } from "../../domain/indicators/indicator";
import type { Report } from "./wire";

interface Collection {
  readonly path: string;
  readonly type: string;
  /** How the API wants the value, before percent-encoding. */
  readonly idOf: (value: string) => string;
  /** Whether the report is the one that was asked for. */
  readonly matches: (report: Report, value: string) => boolean;
}

const collections: Readonly<Record<IndicatorKind, Collection>> = {
  file: {
    path: "files",
    type: "file",
    idOf: (value) => value.toLowerCase(),
    matches: ({ id, attributes: { md5, sha1, sha256 } }, value) =>
      isSha256(id) && [id, md5, sha1, sha256].some((hash) => hash?.toLowerCase() === value.toLowerCase()),
  },
  address: {
    path: "ip_addresses",
    type: "ip_address",
    idOf: (value) => value,
    matches: ({ id }, value) => sameAddress(id, value),
  },
  domain: {
    path: "domains",
    type: "domain",
    idOf: (value) => value.toLowerCase(),
    matches: ({ id }, value) => id.toLowerCase() === value.toLowerCase(),
  },
  url: {
    path: "urls",
    type: "url",
    // https://docs.virustotal.com/reference/url#url-identifiers: RFC 4648 base64url without padding.
    idOf: (value) => Buffer.from(value, "utf8").toString("base64url"),
    // The answer's id is the hash of the URL as VirusTotal canonicalises it, which only VirusTotal can do.
    matches: ({ id }) => isSha256(id),
  },
};

/** Path of the indicator's report below the API's base URL. */
export function pathOf({ kind, value, byFingerprint }: Indicator): string {
  const { path, idOf } = collections[kind];
  const id = byFingerprint ? createHash("sha256").update(value).digest("hex") : idOf(value);
  return `/${path}/${encodeURIComponent(id)}`;
}

export function isReportOf(report: Report, { kind, value }: Indicator): boolean {
  const { type, matches } = collections[kind];
  return report.type === type && matches(report, value);
}

function isSha256(id: string): boolean {
  return /^[0-9a-f]{64}$/.test(id);
}

function sameAddress(a: string, b: string): boolean {
  return ipaddr.isValid(a) && ipaddr.isValid(b) && ipaddr.parse(a).toString() === ipaddr.parse(b).toString();
}
