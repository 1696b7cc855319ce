/** What names another object, as VirusTotal embeds it in a report. */
interface Descriptor {
  readonly type: "file" | "ip_address" | "domain" | "url" | "resolution";
  readonly id: string;
  readonly context_attributes?: { readonly url: string };
}

/** By name: a list, or for a relation to one object that one or `null`. */
export type Relationships = Readonly<Record<string, readonly Descriptor[] | Descriptor | null>>;

/** What a key that is not a premium one gets of a premium relationship: which of them VirusTotal does is not known. */
export type PremiumRelationships = "given" | "refused" | "leftOut";

/** Relationships of each collection; true for those of premium keys. */
const known: Readonly<Record<string, Readonly<Record<string, boolean>>>> = {
  files: {
    contacted_domains: false,
    contacted_ips: false,
    contacted_urls: false,
    dropped_files: false,
    bundled_files: false,
    execution_parents: false,
    embedded_urls: true,
    itw_urls: true,
  },
  ip_addresses: { resolutions: false, communicating_files: false, downloaded_files: true },
  domains: { resolutions: false, communicating_files: false, subdomains: false, siblings: false },
  urls: { last_serving_ip_address: false, network_location: false, redirects_to: true },
};

const mostOfOne = 20;

/**
 * What a request asks for by `?relationships=a,b`: `refused` or `unknown`, or the part of an answer, `undefined` for
 * none.
 */
export function embeddedRelationships(
  collection: string,
  query: URLSearchParams,
  present: Relationships,
  premium: PremiumRelationships,
): "refused" | "unknown" | Readonly<Record<string, object>> | undefined {
  const names = (query.get("relationships") ?? "").split(",").filter((name) => name !== "");
  if (names.length === 0) return undefined;
  const ofCollection = known[collection] ?? {};
  if (names.some((name) => !Object.hasOwn(ofCollection, name))) return "unknown";
  if (premium === "refused" && names.some((name) => ofCollection[name])) return "refused";
  const given = names.filter((name) => premium === "given" || !ofCollection[name]);
  return Object.fromEntries(given.map((name) => [name, embedded(collection, name, present[name])]));
}

const single: readonly string[] = ["last_serving_ip_address", "network_location", "redirects_to"];

function embedded(collection: string, name: string, related: Relationships[string] = []): object {
  const links = { related: `https://www.virustotal.com/api/v3/${collection}/id/${name}` };
  if (single.includes(name)) return { data: Array.isArray(related) ? (related[0] ?? null) : related, links };
  const all = Array.isArray(related) ? related : [];
  return {
    data: all.slice(0, mostOfOne),
    links: { ...links, self: `${links.related}?limit=${mostOfOne}` },
    meta: { count: all.length, ...(all.length > mostOfOne ? { cursor: "NTA=" } : {}) },
  };
}
