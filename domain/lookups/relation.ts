import { createHash } from "node:crypto";
import type { FileHashes, Indicator, IndicatorKind } from "../indicators/indicator";
import { urlFingerprint } from "../indicators/url";

/** What each relation is called from the other side: a file `contacts` a domain, which is `contactedBy` the file. */
export const inverseOf = {
  contacts: "contactedBy",
  drops: "droppedBy",
  contains: "containedIn",
  executes: "executedBy",
  resolvesTo: "resolvedFrom",
  servedBy: "serves",
  redirectsTo: "redirectedFrom",
} as const;

/** From the side from which sentences are made. The order says which of two relations between two things matters more. */
export const activeRelations = Object.keys(inverseOf) as readonly ActiveRelation[];
export type ActiveRelation = keyof typeof inverseOf;
export type Relation = ActiveRelation | (typeof inverseOf)[ActiveRelation];
export const relations: readonly Relation[] = [...activeRelations, ...Object.values(inverseOf)];

/**
 * What a service knows to be related to a thing: by relation the keys of the other things, run together. Keys find the
 * incident's own indicators among them and say nothing else, so that they can be kept of every answer: an indicator that
 * comes into the incident later, or another incident's, is found by them as well.
 */
export type RelatedKeys = Readonly<Partial<Record<Relation, string>>>;

/** Characters of base64url, 48 bits: in an incident of 500 indicators chance finds nothing that is not there. */
const keyLength = 8;

/** The key of a thing by its canonical value: any hash of a file, the SHA-256 of a URL as VirusTotal makes it. */
export function relatedKey(kind: IndicatorKind, id: string): string {
  return createHash("sha256").update(`${kind}:${id}`).digest("base64url").slice(0, keyLength);
}

/** All keys by which a service may know the indicator; `known` are hashes of the file that the incident does not have. */
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

/** The keys in a text that holds them run together. */
export function keysIn(text: string): readonly string[] {
  return Array.from({ length: Math.floor(text.length / keyLength) }, (_, i) =>
    text.slice(i * keyLength, (i + 1) * keyLength),
  );
}
