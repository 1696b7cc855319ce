import type { IndicatorKind } from "../../domain/indicators/indicator";
import type { Relation } from "../../domain/lookups/relation";

export type RelatedType = "file" | "url" | "domain" | "ip_address" | "resolution";

interface Relationship {
  /** The API's name. */
  readonly name: string;
  /** Type of its descriptors. */
  readonly type: RelatedType;
  readonly relation: Relation;
  /** Only for premium keys: for others VirusTotal may refuse the whole request. */
  readonly isPremium?: true;
}

/**
 * The relationships that are requested with a report, by kind (docs.virustotal.com/reference/files, .../urls, .../domains,
 * .../ip-addresses, which mark those for premium keys). Each brings at most 20 descriptors, without a further request.
 */
export const relationshipsOf: Readonly<Record<IndicatorKind, readonly Relationship[]>> = {
  file: [
    { name: "contacted_domains", type: "domain", relation: "contacts" },
    { name: "contacted_ips", type: "ip_address", relation: "contacts" },
    { name: "contacted_urls", type: "url", relation: "contacts" },
    { name: "dropped_files", type: "file", relation: "drops" },
    { name: "bundled_files", type: "file", relation: "contains" },
    { name: "execution_parents", type: "file", relation: "executedBy" },
  ],
  url: [
    { name: "last_serving_ip_address", type: "ip_address", relation: "servedBy" },
    { name: "redirects_to", type: "url", relation: "redirectsTo", isPremium: true },
  ],
  domain: [
    { name: "communicating_files", type: "file", relation: "contactedBy" },
    { name: "resolutions", type: "resolution", relation: "resolvesTo" },
  ],
  address: [
    { name: "communicating_files", type: "file", relation: "contactedBy" },
    { name: "resolutions", type: "resolution", relation: "resolvedFrom" },
  ],
};

/** One set of relationships to request. */
export interface Choice {
  /** Names of relationships, separated by commas; empty for none. */
  readonly names: string;
  readonly hasPremium: boolean;
}

/** The sets from all relationships to none: if one is refused to a key, the next one may be accepted. */
export function choicesFor(kind: IndicatorKind): readonly Choice[] {
  const all = relationshipsOf[kind];
  const free = all.filter(({ isPremium }) => !isPremium);
  const choices = [all, ...(free.length < all.length ? [free] : []), []];
  return choices.map((chosen) => ({
    names: chosen.map(({ name }) => name).join(","),
    hasPremium: chosen.length > free.length,
  }));
}
