import { addressFrom } from "../../domain/indicators/address";
import { domainFrom } from "../../domain/indicators/domain-name";
import { hashFrom } from "../../domain/indicators/hash";
import type { Indicator, IndicatorKind, Reading } from "../../domain/indicators/indicator";
import { urlFingerprint, urlFrom } from "../../domain/indicators/url";
import { type RelatedKeys, type Relation, relatedKey } from "../../domain/lookups/relation";
import { type RelatedType, relationshipsOf } from "./relationships";
import type { Descriptor, Report } from "./wire";

/** Something that VirusTotal relates to the subject of a report. */
export interface Related {
  readonly relationship: string;
  readonly relation: Relation;
  readonly kind: IndicatorKind;
  /** The id for `relatedKey`. */
  readonly id: string;
  /** Canonical value, for people; absent for a URL of which only the id is given. */
  readonly value?: string;
}

/** Everything readable and public that a report relates, except its own subject. */
export function relatedIn(report: Report, indicator: Indicator): readonly Related[] {
  const listed = relationshipsOf[indicator.kind].flatMap(({ name, type, relation }) =>
    (report.relationships?.[name]?.data ?? []).flatMap((descriptor) => {
      const thing =
        descriptor?.type === type ? thingFrom(type, descriptor, [report.id, indicator.value]) : undefined;
      return thing ? [{ relationship: name, relation, ...thing }] : [];
    }),
  );
  return [...listed, ...redirectsIn(report)];
}

/** Redirects, which every report of a URL has, whether or not the key may read relationships. */
function redirectsIn({ attributes }: Report): readonly Related[] {
  const { last_final_url: last, redirection_chain: chain = [] } = attributes;
  const targets = [...chain.slice(0, mostRedirects), ...(last === undefined ? [] : [last])];
  return targets.flatMap((target) => {
    const thing = urlThing(target);
    return thing ? [{ relationship: "redirects_to", relation: "redirectsTo" as const, ...thing }] : [];
  });
}

const mostRedirects = 5;
/** Maximum for all relations together: 800 characters. */
const mostKeys = 100;

/** The keys of all related things. */
export function relatedKeysOf(things: readonly Related[]): RelatedKeys | undefined {
  const keys: Partial<Record<Relation, string>> = {};
  const distinct = new Map(
    things.map(({ relation, kind, id }) => [`${relation} ${kind}:${id}`, { relation, kind, id }]),
  );
  for (const { relation, kind, id } of [...distinct.values()].slice(0, mostKeys))
    keys[relation] = (keys[relation] ?? "") + relatedKey(kind, id);
  return distinct.size > 0 ? keys : undefined;
}

type Thing = Pick<Related, "kind" | "id" | "value">;

/** `own`: how the report's address or domain is written, which every resolution contains. */
function thingFrom(type: RelatedType, { id, url }: Descriptor, own: readonly string[]): Thing | undefined {
  const readers: Readonly<Record<RelatedType, () => Thing | undefined>> = {
    file: () => fileThing(id),
    url: () => (url === undefined ? fingerprintThing(id) : urlThing(url)),
    domain: () => thingOf("domain", domainFrom(id)),
    ip_address: () => thingOf("address", addressFrom(id)),
    resolution: () => own.map((each) => resolvedThing(id.toLowerCase(), each.toLowerCase())).find(Boolean),
  };
  return readers[type]();
}

function thingOf(kind: IndicatorKind, reading: Reading): Thing | undefined {
  return reading.kind === "lookup" ? { kind, id: reading.value, value: reading.value } : undefined;
}

function fileThing(id: string): Thing | undefined {
  const hash = hashFrom(id, "sha256");
  return hash.kind === "hash" ? { kind: "file", id: hash.value, value: hash.value } : undefined;
}

function urlThing(url: string): Thing | undefined {
  const reading = urlFrom(url);
  if (reading.kind !== "lookup") return undefined;
  return { kind: "url", id: urlFingerprint(reading.value), value: reading.value };
}

function fingerprintThing(id: string): Thing | undefined {
  return /^[\da-f]{64}$/.test(id) ? { kind: "url", id } : undefined;
}

/** The id of a resolution is IP address and domain, concatenated: the part that is not the report's own is the other one. */
function resolvedThing(id: string, own: string): Thing | undefined {
  if (id.startsWith(own)) return thingOf("domain", domainFrom(id.slice(own.length)));
  return id.endsWith(own) ? thingOf("address", addressFrom(id.slice(0, -own.length))) : undefined;
}
