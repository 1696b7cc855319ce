import type { Entity } from "../incident/entity";
import { entityKey, textOf } from "../incident/entity";
import { cut } from "../text";
import { addressFrom } from "./address";
import { domainFrom } from "./domain-name";
import { fileIndicatorsFrom } from "./files";
import type { Reading } from "./indicator";
import { type Indicator, type IndicatorKind, indicatorKey, indicatorKinds, type LeftOut } from "./indicator";
import { type Unwrapped, unwrapSafeLink } from "./safe-links";
import { defaultScreening, type Screening, withheld } from "./screening";
import { urlFrom } from "./url";
import { presentableUrl } from "./url-privacy";

/** Left-out values are shown, never used: what the comment would cut need not travel through the run's history. */
const maxLeftOutLength = 200;

interface EntityReader {
  readonly kind: IndicatorKind;
  readonly property: string;
  readonly read: (text: string) => Reading;
  /** Finds what is meant within what is written. */
  readonly unwrap?: (text: string) => Unwrapped;
}

/** By kind of entity, in lower case: Sentinel is not consistent in it. */
const readers: ReadonlyMap<string, EntityReader> = new Map<string, EntityReader>([
  ["url", { kind: "url", property: "url", read: urlFrom, unwrap: unwrapSafeLink }],
  ["dnsresolution", { kind: "domain", property: "domainName", read: domainFrom }],
  ["ip", { kind: "address", property: "address", read: addressFrom }],
]);

const fileKinds: readonly string[] = ["file", "filehash"];

/**
 * The distinct things to look up in an incident: files, URLs, domains, addresses, each in the order first seen. Nothing
 * is derived: the host of a URL is a domain to look up only when it is an entity too. What is not looked up, or must not
 * be, is left out with a reason. Anything may stand in an entity; nothing makes this throw.
 */
export function indicatorsFrom(
  entities: readonly Entity[],
  screening: Screening = defaultScreening,
): {
  readonly indicators: readonly Indicator[];
  readonly leftOut: readonly LeftOut[];
} {
  const usable = entities.map(tidied);
  const files = fileIndicatorsFrom(usable);
  const found: Indicator[] = [...files.indicators];
  const leftOut: LeftOut[] = [...files.leftOut];
  for (const entity of usable) {
    const kind = entity.kind.toLowerCase();
    const reader = readers.get(kind);
    if (reader) {
      const reading = readEntity(entity, reader);
      if ("reason" in reading) leftOut.push(reading);
      else found.push(reading);
    } else if (!fileKinds.includes(kind)) {
      leftOut.push({
        entityKind: entity.kind,
        value: labelOf(entity),
        reason: "entity kind that is not looked up",
      });
    }
  }
  const indicators: Indicator[] = [];
  for (const indicator of merged(found).toSorted((a, b) => rank(a) - rank(b))) {
    const item = withheld(indicator, screening);
    if (item) leftOut.push(item);
    else indicators.push(indicator);
  }
  return {
    indicators,
    leftOut: distinct(leftOut.map(shortened), (item) => JSON.stringify(item)),
  };
}

function readEntity(entity: Entity, { kind, property, read, unwrap }: EntityReader): Indicator | LeftOut {
  const written = textOf(entity, property);
  const { text, safeLink } = unwrap?.(written) ?? { text: written };
  const reading = read(text);
  if (reading.kind === "leftOut") {
    const value = kind === "url" ? presentableUrl(text) : text;
    return { entityKind: entity.kind, value, reason: reading.reason };
  }
  return { kind, value: reading.value, ...(safeLink === undefined ? {} : { safeLink }) };
}

/** One of each; one that stood in a Safe Link somewhere keeps that. */
function merged(indicators: readonly Indicator[]): readonly Indicator[] {
  const byKey = new Map<string, Indicator>();
  for (const indicator of indicators) {
    const key = indicatorKey(indicator);
    byKey.set(key, { ...indicator, ...byKey.get(key) });
  }
  return [...byKey.values()];
}

/** Entities come from connectors of all kinds: whatever is not as the type says counts as missing. */
function tidied(entity: Partial<Entity> | null): Entity {
  const { id, kind, properties } = entity ?? {};
  return {
    id: typeof id === "string" ? id : "",
    kind: typeof kind === "string" ? kind : "unknown",
    properties: typeof properties === "object" && properties !== null ? properties : {},
  };
}

function labelOf(entity: Entity): string {
  return textOf(entity, "friendlyName") || entityKey(entity.id);
}

function shortened(item: LeftOut): LeftOut {
  return { ...item, value: cut(item.value, maxLeftOutLength) };
}

function distinct<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}

function rank(indicator: Indicator): number {
  return indicatorKinds.indexOf(indicator.kind);
}
