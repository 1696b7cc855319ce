import { addressFrom } from "./address";
import { domainFrom } from "./domain-name";
import type { Entity } from "./entity";
import { fileIndicatorsFrom } from "./file-indicators";
import { type Indicator, type IndicatorKind, indicatorKey, indicatorKinds, type LeftOut } from "./indicator";
import { entityKey, textOf } from "./properties";
import type { Reading } from "./reading";
import { urlFrom } from "./url";

/** Left-out values are shown, never used: what the comment would cut need not travel through the run's history. */
const maxLeftOutLength = 200;

interface EntityReader {
  readonly kind: IndicatorKind;
  readonly property: string;
  readonly read: (text: string) => Reading;
}

/** By kind of entity, in lower case: Sentinel is not consistent in it. */
const readers: ReadonlyMap<string, EntityReader> = new Map([
  ["url", { kind: "url", property: "url", read: urlFrom }],
  ["dnsresolution", { kind: "domain", property: "domainName", read: domainFrom }],
  ["ip", { kind: "address", property: "address", read: addressFrom }],
]);

const fileKinds: readonly string[] = ["file", "filehash"];

/**
 * The distinct things to look up in an incident: files, URLs, domains, addresses, each in the order first seen. Nothing
 * is derived: the host of a URL is a domain to look up only when it is an entity too. What is not looked up is left
 * out with a reason. Anything may stand in an entity; nothing makes this throw.
 */
export function indicatorsFrom(entities: readonly Entity[]): {
  readonly indicators: readonly Indicator[];
  readonly leftOut: readonly LeftOut[];
} {
  const usable = entities.map(tidied);
  const files = fileIndicatorsFrom(usable);
  const indicators: Indicator[] = [...files.indicators];
  const leftOut: LeftOut[] = [...files.leftOut];
  for (const entity of usable) {
    const kind = entity.kind.toLowerCase();
    const reader = readers.get(kind);
    if (reader) {
      const text = textOf(entity, reader.property);
      const reading = reader.read(text);
      if (reading.kind === "lookUp") indicators.push({ kind: reader.kind, value: reading.value });
      else leftOut.push({ entityKind: entity.kind, value: text, reason: reading.reason });
    } else if (!fileKinds.includes(kind)) {
      leftOut.push({
        entityKind: entity.kind,
        value: labelOf(entity),
        reason: "entity kind that is not looked up",
      });
    }
  }
  return {
    indicators: distinct(indicators, indicatorKey).toSorted((a, b) => rank(a) - rank(b)),
    leftOut: distinct(leftOut.map(shortened), (item) => JSON.stringify(item)),
  };
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
  return item.value.length > maxLeftOutLength
    ? { ...item, value: `${item.value.slice(0, maxLeftOutLength)}…` }
    : item;
}

function distinct<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}

function rank(indicator: Indicator): number {
  return indicatorKinds.indexOf(indicator.kind);
}
