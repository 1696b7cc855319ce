import { createHash } from "node:crypto";
import { BlockList, isIP, isIPv4 } from "node:net";
import type { Clock } from "../clock";
import { type Reply, type Simulator, type SimulatorRequest, startSimulator } from "./simulator";
import { type QuotaLimits, startQuota } from "./virustotal-quota";
import { embeddedRelationships, type PremiumRelationships } from "./virustotal-relationships";
import { builtInReports, privateAddressReport, type VirusTotalObject } from "./virustotal-reports";

export interface VirusTotalSimulatorOptions {
  readonly clock: Clock;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Real milliseconds before every answer. */
  readonly latencyMs?: number;
  /** The only key that is accepted; absent: any. */
  readonly apiKey?: string;
  /** A key whose account was never activated. */
  readonly inactiveApiKey?: string;
  /** Default: no limits. */
  readonly quota?: Partial<QuotaLimits>;
  /** What the key gets of relationships for premium keys; default `given`. */
  readonly premiumRelationships?: PremiumRelationships;
  /** Whether a 429 says when to come back; default `none`, as VirusTotal has not been seen doing it. */
  readonly retryAfter?: "none" | "seconds" | "date";
}

export interface VirusTotalSimulator extends Simulator {
  /** Base URL of the API. */
  readonly endpoint: string;
  /** Adds a report, or replaces the one of the same id: the `data` of an answer of the real service will do. */
  add(report: VirusTotalObject): void;
}

/** VirusTotal's API v3 as far as reports are read from it. Knows `builtInReports`; the log shows no key. */
export async function startVirusTotalSimulator(
  options: VirusTotalSimulatorOptions,
): Promise<VirusTotalSimulator> {
  const { clock } = options;
  const reports = new Map<string, VirusTotalObject>();
  const quota = startQuota(clock, options.quota ?? {});

  const add = (report: VirusTotalObject) => {
    for (const id of idsOf(report)) reports.set(`${report.type} ${id}`, report);
  };
  builtInReports(clock.now()).forEach(add);

  const handler = (request: SimulatorRequest): Reply => {
    const key = request.headers["x-apikey"];
    if (!key) return refusal(401, "AuthenticationRequiredError", "X-Apikey header is missing");
    if (key === options.inactiveApiKey) return refusal(401, "UserNotActiveError", "User is not active");
    if (options.apiKey !== undefined && key !== options.apiKey)
      return refusal(401, "WrongCredentialsError", "Wrong API key");

    const [, collection = "", id = ""] = /^\/api\/v3\/([^/]+)\/([^/]+)$/.exec(request.path) ?? [];
    if (request.path === `/api/v3/users/${key}/overall_quotas`) return { status: 200, json: quota.report() };
    const look = Object.hasOwn(looks, collection) ? looks[collection] : undefined;
    if (request.method !== "GET" || !look) return { status: 404, text: "<title>404</title>Not found" };

    if (!quota.take()) {
      const wait = retryAfterHeader(options.retryAfter ?? "none", quota.freeAt(), clock.now());
      return { ...refusal(429, "QuotaExceededError", "Quota exceeded"), headers: wait };
    }
    const found = look(id);
    if ("status" in found) return found;
    const report = reports.get(`${found.type} ${found.id}`) ?? found.otherwise;
    const relationships = embeddedRelationships(
      collection,
      request.query,
      report?.relationships ?? {},
      options.premiumRelationships ?? "given",
    );
    if (relationships === "unknown") return refusal(400, "BadRequestError", "Unknown relationship");
    if (relationships === "refused") return refusal(403, "ForbiddenError", "You are not authorized");
    if (!report) return refusal(404, "NotFoundError", `${found.name} "${found.id}" not found`);
    const self = `https://www.virustotal.com/api/v3/${collection}/${report.id}`;
    return { status: 200, json: { data: { ...report, links: { self }, relationships } } };
  };

  const base = await startSimulator({ ...options, handler });
  return {
    ...base,
    get requests() {
      return base.requests.map(withoutKey);
    },
    endpoint: `${base.origin}/api/v3`,
    add,
  };
}

interface Sought {
  readonly type: VirusTotalObject["type"];
  readonly id: string;
  /** As a 404 calls it. */
  readonly name: string;
  readonly otherwise?: VirusTotalObject;
}

/** What a request of each collection is after, from the decoded last part of its path. */
const looks: Readonly<Record<string, (id: string) => Sought | Reply>> = {
  files: (id) =>
    /^([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i.test(id)
      ? { type: "file", id: id.toLowerCase(), name: "File" }
      : refusal(400, "BadRequestError", "Bad request"),
  ip_addresses: (id) =>
    isIP(id)
      ? {
          type: "ip_address",
          id: canonicalAddress(id),
          name: "IP address",
          ...(isPrivate(id) ? { otherwise: privateAddressReport(id) } : {}),
        }
      : refusal(400, "InvalidArgumentError", `"${id}" is not a valid IP address`),
  domains: (id) =>
    /^([a-z0-9_-]+\.)+(?!test$)[a-z][a-z0-9-]+$/i.test(id)
      ? { type: "domain", id: id.toLowerCase(), name: "Domain" }
      : refusal(400, "InvalidArgumentError", `Domain "b'${id}'" is not a valid domain pattern`),
  urls: (id) => {
    if (/^[0-9a-f]{64}$/.test(id)) return { type: "url", id, name: "URL" };
    // Padding and the standard alphabet are refused: only base64url names a URL.
    const url = /^[\w-]+$/.test(id) ? Buffer.from(id, "base64url").toString("utf8") : "";
    const urlId = idOfUrl(url);
    return urlId
      ? { type: "url", id: urlId, name: "URL" }
      : refusal(400, "InvalidArgumentError", "Unable to canonicalize url");
  },
};

/** Everything that a report is found under. */
function idsOf({ type, id, attributes }: VirusTotalObject): readonly string[] {
  const { md5, sha1, sha256, url } = attributes;
  const more: readonly unknown[] = [md5, sha1, sha256, typeof url === "string" ? idOfUrl(url) : undefined];
  return [
    type === "ip_address" ? canonicalAddress(id) : id,
    ...more.filter((each): each is string => typeof each === "string"),
  ];
}

/**
 * SHA-256 of the canonical URL, by rules that agree with recorded ids: no fragment, every escape decoded for as long as
 * there are any, and then blanks, control characters, `#`, `%` and what is not ASCII escaped.
 */
function idOfUrl(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { href, hash } = new URL(url);
  let text = hash ? href.slice(0, -hash.length) : href;
  for (let before = ""; before !== text; ) {
    before = text;
    text = text.replace(/%([\da-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  }
  const canonical = text.replace(/[^!"$&-~]/g, (byte) => {
    const hex = byte.charCodeAt(0).toString(16).toUpperCase();
    return `%${hex.padStart(2, "0")}`;
  });
  return createHash("sha256").update(canonical).digest("hex");
}

function canonicalAddress(address: string): string {
  return isIPv4(address) ? address : new URL(`http://[${address}]`).hostname.slice(1, -1);
}

const privateAddresses = new BlockList();
for (const [network, prefix] of [
  ["10.0.0.0", 8],
  ["127.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
] as const)
  privateAddresses.addSubnet(network, prefix);

/** VirusTotal answers for these with 200 too, and says nothing of use. */
function isPrivate(address: string): boolean {
  return isIPv4(address) && privateAddresses.check(address);
}

function refusal(status: number, code: string, message: string): Reply {
  return { status, json: { error: { code, message } } };
}

function retryAfterHeader(form: "none" | "seconds" | "date", freeAt: number, now: number) {
  const header: Record<typeof form, Readonly<Record<string, string>>> = {
    none: {},
    seconds: { "retry-after": String(Math.ceil((freeAt - now) / 1000)) },
    date: { "retry-after": new Date(Math.ceil(freeAt / 1000) * 1000).toUTCString() },
  };
  return header[form];
}

function withoutKey(request: SimulatorRequest): SimulatorRequest {
  const key = request.headers["x-apikey"];
  if (!key) return request;
  return {
    ...request,
    path: request.path.replaceAll(key, "***"),
    rawPath: request.rawPath.replaceAll(key, "***"),
    headers: { ...request.headers, "x-apikey": "***" },
  };
}
