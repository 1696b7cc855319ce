import { type Entity, entityKey, textOf, textsOf } from "../incident/entity";
import { cut } from "../text";
import { addressFrom } from "./address";
import { refang } from "./defang";
import { domainFrom } from "./domain-name";
import { fileIndicatorsFrom } from "./files";
import {
  type Indicator,
  type IndicatorKind,
  indicatorKey,
  indicatorKinds,
  type LeftOut,
  type LeftOutReading,
  leaveOut,
  leftOutFrom,
  type Reading,
  unreadable,
} from "./indicator";
import { defaultScreening, type Screening, screened } from "./screening";
import { unwrapSafeLink, urlFrom } from "./url";
import { presentableUrl } from "./url-privacy";
import { writtenValues } from "./written-values";

/** Left-out values are only shown: what the comment would cut need not be in the run's history. */
const maxLeftOutLength = 200;

interface Property {
  readonly name: string;
  /** The kind of indicator that it should contain. */
  readonly kind: IndicatorKind;
  /** Without this property the entity is unreadable. */
  readonly isMain?: true;
}

/**
 * What is looked up of each kind of entity, in lower case, since Sentinel is not consistent in it: Microsoft's own text
 * for the properties is https://learn.microsoft.com/azure/sentinel/entities-reference.
 */
const properties: ReadonlyMap<string, readonly Property[]> = new Map<string, readonly Property[]>([
  ["url", [{ name: "url", kind: "url", isMain: true }]],
  ["dnsresolution", [{ name: "domainName", kind: "domain", isMain: true }]],
  ["ip", [{ name: "address", kind: "address", isMain: true }]],
  [
    "mailmessage",
    [
      { name: "urls", kind: "url" },
      { name: "senderIP", kind: "address" },
    ],
  ],
  ["submissionmail", [{ name: "senderIp", kind: "address" }]],
]);

const fileKinds: readonly string[] = ["file", "filehash"];

/**
 * The distinct indicators of an incident: files, URLs, domains, IP addresses, each in the order first seen. Nothing is
 * derived: the host of a URL is looked up as a domain only if it is an entity too. Everything else is left out, with a
 * reason. Never throws, whatever the entities contain.
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
    if (fileKinds.includes(entity.kind.toLowerCase())) continue;
    const readings = readingsOf(entity);
    for (const reading of readings) {
      if ("reason" in reading) leftOut.push(reading);
      else found.push(reading);
    }
    if (readings.length === 0)
      leftOut.push({
        entityKind: entity.kind,
        value: labelOf(entity),
        reason: "not an indicator",
      });
  }
  const sent = screened(
    merged(found).toSorted((a, b) => rank(a) - rank(b)),
    screening,
  );
  return {
    indicators: sent.indicators,
    leftOut: distinct([...leftOut, ...sent.leftOut].map(shortened), (item) => JSON.stringify(item)),
  };
}

function readingsOf(entity: Entity): readonly (Indicator | LeftOut)[] {
  return (properties.get(entity.kind.toLowerCase()) ?? []).flatMap(({ name, kind, isMain }) => {
    const texts = textsOf(entity, name).filter((text) => text.trim() !== "");
    const written = texts.length === 0 && isMain ? [nameOf(entity, kind)] : texts;
    return written.flatMap(writtenValues).map((value) => {
      const { text, safeLink } = unwrapSafeLink(value);
      const reading = networkFrom(text, kind);
      if (reading.kind === "leftOut") return leftOutFrom(entity.kind, presentableUrl(text), reading);
      return safeLink === undefined ? reading : { ...reading, safeLink };
    });
  });
}

/** An IP entity without an `address` may have it as its name. The name of a URL is not used, since it may be cut. */
function nameOf(entity: Entity, kind: IndicatorKind): string {
  const name = textOf(entity, "friendlyName");
  return kind === "address" && addressFrom(name).kind === "lookup" ? name : "";
}

/** Each indicator once, with a fragment or Safe Link that any of its duplicates has. */
function merged(indicators: readonly Indicator[]): readonly Indicator[] {
  const byKey = new Map<string, Indicator>();
  for (const indicator of indicators) {
    const key = indicatorKey(indicator);
    byKey.set(key, { ...indicator, ...byKey.get(key) });
  }
  return [...byKey.values()];
}

/** Entities come from all kinds of connectors: anything of the wrong type counts as missing. */
function tidied(entity: Partial<Entity> | null): Entity {
  const { id, kind, properties } = entity ?? {};
  return {
    id: typeof id === "string" ? id : "",
    kind: typeof kind === "string" ? kind : "unknown",
    properties: typeof properties === "object" && properties !== null ? properties : {},
  };
}

const nameProperties = ["friendlyName", "hostName", "accountName", "displayName", "mailboxPrimaryAddress"];

function labelOf(entity: Entity): string {
  const [name = entityKey(entity.id)] = nameProperties.flatMap((property) => textOf(entity, property) || []);
  return name;
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

/** What connectors write if they have no value. */
const noValue =
  /^(?:n[/.]?a\.?|none|null|nil|nan|undefined|unknown|empty|redacted|not (?:available|applicable)|[-–_.?*]{0,3})$/i;

/** A name or an IPv4 address, with or without a port, that is not a URL. */
const bareHost = /^([^\s/\\?#@:]{1,400})(?::\d{1,5})?$/;

/**
 * Reads one value of a network entity. The value decides the kind: a URL entity may contain a bare host or IP address,
 * which is looked up as such. `expected` decides if the value is ambiguous.
 */
function networkFrom(text: string, expected: IndicatorKind): Indicator | LeftOutReading {
  if (noValue.test(text)) return unreadable("no value");
  if (expected === "address") return indicatorFrom("address", addressFrom(withoutScheme(text)));
  const address = addressFrom(text);
  if (!text.includes("/") && (address.kind === "lookup" || !address.unreadable))
    return indicatorFrom("address", address);
  const name = expected === "domain" ? text.replace(/^\*?\.|\/$/g, "") : text;
  const [, host] = bareHost.exec(refang(name.slice(0, longestBare))) ?? [];
  if (host !== undefined && name.length <= longestBare) return indicatorFrom("domain", domainFrom(host));
  if (/^[^@\s/\\:]{1,100}@[^@\s/\\:]{1,300}$/.test(text)) return leaveOut("email address");
  return indicatorFrom("url", urlFrom(text));
}

const longestBare = 500;

function indicatorFrom(kind: IndicatorKind, reading: Reading): Indicator | LeftOutReading {
  if (reading.kind === "leftOut") return reading;
  const { kind: _kind, ...read } = reading;
  return { kind, ...read };
}

/** The host of `tcp://8.8.8.8:443/`. */
function withoutScheme(text: string): string {
  return /^[a-z\d]{2,10}:\/\/([^/?#]{0,100})/i.exec(text)?.[1] ?? text;
}
