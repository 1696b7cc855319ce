import { createHash } from "node:crypto";
import type { FileHashes, Indicator, IndicatorKind } from "../indicators/indicator";
import { urlFingerprint } from "../indicators/url";

/** The inverse of each relation: a file `contacts` a domain, which is `contactedBy` the file. */
export const inverseOf = {
  contacts: "contactedBy",
  drops: "droppedBy",
  contains: "containedIn",
  executes: "executedBy",
  resolvesTo: "resolvedFrom",
  servedBy: "serves",
  redirectsTo: "redirectedFrom",
} as const;

/** The relations from which sentences are made, the more important of two first. */
export const activeRelations = Object.keys(inverseOf) as readonly ActiveRelation[];
export type ActiveRelation = keyof typeof inverseOf;
export type Relation = ActiveRelation | (typeof inverseOf)[ActiveRelation];
export const relations: readonly Relation[] = [...activeRelations, ...Object.values(inverseOf)];

/**
 * What a service relates to a thing: for each relation, the concatenated keys of the other things. Keys only serve to
 * recognise the incident's own indicators and reveal nothing else, so every answer can keep them: indicators that are
 * added later, or belong to another incident, are recognised as well.
 */
export type RelatedKeys = Readonly<Partial<Record<Relation, string>>>;

/** Characters of base64url, 48 bits: even with 500 indicators an accidental match is practically impossible. */
const keyLength = 8;

/** The key of a thing by its canonical value: any hash of a file, the SHA-256 of a URL as VirusTotal makes it. */
export function relatedKey(kind: IndicatorKind, id: string): string {
  return createHash("sha256").update(`${kind}:${id}`).digest("base64url").slice(0, keyLength);
}

/** All keys by which a service may know the indicator; `known` are hashes of the file that are not in the incident. */
export function keysOfIndicator(
  { kind, value, hashes, fingerprint }: Indicator,
  known: readonly FileHashes[] = [],
): readonly string[] {
  const ids: Readonly<Record<IndicatorKind, () => readonly string[]>> = {
    file: () => [value, ...[hashes ?? {}, ...known].flatMap((set) => Object.values(set))],
    url: () => [fingerprint ?? (URL.canParse(value) ? urlFingerprint(value) : value)],
    domain: () => [value],
    address: () => [value],
  };
  return [...new Set(ids[kind]())].map((id) => relatedKey(kind, id));
}

/** Splits concatenated keys. */
export function keysIn(text: string): readonly string[] {
  return Array.from({ length: Math.floor(text.length / keyLength) }, (_, i) =>
    text.slice(i * keyLength, (i + 1) * keyLength),
  );
}
