import type { IndicatorKind } from "../../domain/indicators/indicator";
import type { Relation } from "../../domain/lookups/relation";

export type RelatedType = "file" | "url" | "domain" | "ip_address" | "resolution";

interface Relationship {
  /** As the API calls it. */
  readonly name: string;
  /** Of its descriptors. */
  readonly type: RelatedType;
  readonly relation: Relation;
  /** For keys of paying customers only: others may be refused the whole request. */
  readonly isPremium?: true;
}

/**
 * What is asked for with a report, by kind (docs.virustotal.com/reference/files, .../urls, .../domains, .../ip-addresses,
 * which mark what is for premium keys): at most 20 descriptors each come with it, and none costs a request of its own.
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

/** One way to ask for a report. */
export interface Choice {
  /** Names of relationships, separated by commas; empty for none. */
  readonly names: string;
  readonly hasPremium: boolean;
}

/** What may be asked for, from all to none: where one is refused to a key, the next one may not be. */
export function choicesFor(kind: IndicatorKind): readonly Choice[] {
  const all = relationshipsOf[kind];
  const free = all.filter(({ isPremium }) => !isPremium);
  const choices = [all, ...(free.length < all.length ? [free] : []), []];
  return choices.map((chosen) => ({
    names: chosen.map(({ name }) => name).join(","),
    hasPremium: chosen.length > free.length,
  }));
}
