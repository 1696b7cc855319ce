import ipaddr from "ipaddr.js";
import type { Secret } from "../../domain/attempt";
import type { Indicator, IndicatorKind } from "../../domain/indicators/indicator";
import { kindNouns } from "../../domain/indicators/label";
import { urlFingerprint } from "../../domain/indicators/url";
import { type Consultation, fault, final, overQuota, pending } from "../../domain/lookups/provider";
import type { HttpAnswer, HttpClient } from "../http";
import { pauseSeconds } from "../http-response";
import { type FetchedReport, type Refused, type RelationshipAccess, refused } from "./relationships";
import { errorSchema, type Report, reportSchema } from "./wire";

interface VirusTotalClient {
  /** VirusTotal's report about an indicator or, without one, the result of the lookup. Never throws. */
  fetchReport(indicator: Indicator): Promise<FetchedReport>;
}

interface ClientOptions {
  readonly http: HttpClient;
  readonly key: Secret;
  readonly relationships: RelationshipAccess;
  /** Product and version. */
  readonly userAgent: string;
  /** Milliseconds for one report, including further requests if the key was replaced or refused a relationship. */
  readonly timeoutMs: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export function createVirusTotalClient(options: ClientOptions): VirusTotalClient {
  const { key, relationships, timeoutMs } = options;
  return {
    fetchReport(indicator) {
      const signal = AbortSignal.timeout(timeoutMs);
      return relationships.request(indicator.kind, async (names) => {
        const query = { indicator, names, signal };
        const first = await requestReport(options, query, { refresh: false });
        if (first.kind !== "keyRejected") return first;
        // The key may have been replaced since it was read.
        const second = await requestReport(options, query, { refresh: true });
        if (second.kind !== "keyRejected") return second;
        const reason = `VirusTotal rejected the API key (HTTP 401): check ${key.setting}`;
        return final({ kind: "notChecked", cause: "key", reason });
      });
    },
  };
}

interface Query {
  readonly indicator: Indicator;
  /** Names of relationships, separated by commas; empty for none. */
  readonly names: string;
  readonly signal: AbortSignal;
}

interface KeyRejected {
  readonly kind: "keyRejected";
}

async function requestReport(
  { http, key, userAgent, now }: ClientOptions,
  { indicator, names, signal }: Query,
  reading: { readonly refresh: boolean },
): Promise<FetchedReport | KeyRejected | Refused> {
  const read = await key.read(reading);
  if (read.kind === "again") return fault(read.reason, read.afterSeconds ?? 5);
  if (read.kind === "refused") return final({ kind: "notChecked", cause: "key", reason: read.reason });
  if (!read.value) return final({ kind: "off", reason: `VirusTotal has no API key: set ${key.setting}` });
  // Without x-tool a licence for Google Threat Intelligence shows no assessment.
  const headers = { "x-apikey": read.value, "x-tool": userAgent };
  const path = pathOf(indicator) + (names === "" ? "" : `?relationships=${names}`);
  const answer = await http({ method: "GET", path, headers, signal });
  if (answer.kind === "fault") return fault(`VirusTotal gave no usable answer: ${answer.reason}`, 5);
  const pause = (otherwise: number) => pauseSeconds(answer.headers, now(), otherwise);
  const refusal = refusalIn(answer);
  if (refusal === rightMissing && names !== "") return refused;
  if (refusal) return refusal({ status: answer.status, indicator, key, pause });
  if (answer.status !== 200) return fault(`VirusTotal answered with HTTP ${answer.status}`, pause(5));
  return reportFrom(answer.body, indicator);
}

function reportFrom(body: unknown, indicator: Indicator): FetchedReport {
  const report = reportSchema.safeParse(body).data?.data;
  if (!report) return fault("VirusTotal's answer could not be read", 5);
  if (!isReportOf(report, indicator)) return fault("VirusTotal returned the report of another indicator", 5);
  return { kind: "report", report };
}

type Refusal = (context: {
  readonly status: number;
  readonly indicator: Indicator;
  readonly key: Secret;
  /** The seconds to wait that the answer asks for, or else `otherwise`. */
  readonly pause: (otherwise: number) => number;
}) => Consultation | KeyRejected;

const keyRejected: Refusal = () => ({ kind: "keyRejected" });
const notAccepted: Refusal = ({ indicator }) =>
  final({ kind: "notKnown", reason: `VirusTotal does not accept this ${kindNouns[indicator.kind].one}` });
const rightMissing: Refusal = ({ key }) =>
  final({
    kind: "notChecked",
    cause: "right",
    reason: `VirusTotal does not allow this lookup with the API key (HTTP 403): check the privileges of the key in ${key.setting}`,
  });
const throttled: Refusal = ({ status, pause }) =>
  overQuota(`VirusTotal is throttling requests (HTTP ${status})`, pause(60));

/**
 * What VirusTotal's error codes mean (docs.virustotal.com/reference/errors), by the code without `Error`, letters only.
 * `QuotaExceededError` stands for the quota per minute, day and month alike.
 */
const refusalsByCode: ReadonlyMap<string | undefined, Refusal> = new Map<string, Refusal>([
  ["notfound", () => final({ kind: "notKnown", reason: "VirusTotal has no record" })],
  ["notavailableyet", ({ pause }) => pending("VirusTotal's report is not ready yet", pause(30))],
  ["badrequest", notAccepted],
  ["invalidargument", notAccepted],
  ["authenticationrequired", keyRejected],
  ["wrongcredentials", keyRejected],
  ["usernotactive", keyRejected],
  ["forbidden", rightMissing],
  ["toomanyrequests", throttled],
  [
    "quotaexceeded",
    ({ status, pause }) =>
      overQuota(`VirusTotal's quota per minute, day or month is used up (HTTP ${status})`, pause(60)),
  ],
]);

/**
 * `undefined` if the answer may be a report, or is a fault. A code counts with any status below 500, even 200. A refusal
 * without a code comes from something in between, except for 401 and 429.
 */
function refusalIn({ status, body }: Extract<HttpAnswer, { kind: "answer" }>): Refusal | undefined {
  if (status >= 500) return undefined;
  const code = codeIn(body);
  return refusalsByCode.get(code) ?? refusalByStatus(status, code);
}

function refusalByStatus(status: number, code: string | undefined): Refusal | undefined {
  if (status === 401) return keyRejected;
  if (status === 429) return throttled;
  if (code === undefined) return undefined;
  if (status === 400) return notAccepted;
  return status === 403 ? rightMissing : undefined;
}

/** "notfound" of `NotFoundError` and of `not_found`. */
function codeIn(body: unknown): string | undefined {
  const code = errorSchema.safeParse(body).data?.error.code;
  return code
    ?.toLowerCase()
    .replace(/[^a-z]/g, "")
    .replace(/error$/, "");
}

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
