import type { Entity } from "../incident/entity";
import { entityKey, textOf, textsOf } from "../incident/entity";
import { type HashAlgorithm, hashFrom } from "./hash";
import type { Indicator, LeftOut } from "./indicator";

/** Most names worth keeping of one file: every run carries them. */
const maxNames = 5;
const maxNameLength = 255;

const strongestFirst: readonly HashAlgorithm[] = ["sha256", "sha1", "md5"];

/** A file as far as it is known: what one entity adds, another may complete. */
interface KnownFile {
  readonly hashes: Map<HashAlgorithm, string>;
  readonly names: Set<string>;
}

/**
 * The files among the entities, one indicator each, in the order in which they are first seen. Equal hashes are one
 * file, and so are hashes that a `File` refers to, unless it claims two different ones of the same algorithm.
 */
export function fileIndicatorsFrom(entities: readonly Entity[]): {
  readonly indicators: readonly Indicator[];
  readonly leftOut: readonly LeftOut[];
} {
  const leftOut: LeftOut[] = [];
  const fileOfHash = new Map<string, KnownFile>();
  const hashOfEntity = new Map<string, string>();

  for (const entity of ofKind(entities, "filehash")) {
    const text = textOf(entity, "hashValue");
    const hash = hashFrom(text, textOf(entity, "algorithm"));
    if (hash.kind === "leftOut") {
      leftOut.push({ entityKind: entity.kind, value: text, reason: hash.reason });
      continue;
    }
    hashOfEntity.set(entityKey(entity.id), hash.value);
    if (!fileOfHash.has(hash.value))
      fileOfHash.set(hash.value, { hashes: new Map([[hash.algorithm, hash.value]]), names: new Set() });
  }

  for (const entity of ofKind(entities, "file")) {
    const name = textOf(entity, "fileName") || textOf(entity, "friendlyName");
    const hashes = textsOf(entity, "fileHashEntityIds").flatMap(
      (id) => hashOfEntity.get(entityKey(id)) ?? [],
    );
    if (hashes.length === 0)
      leftOut.push({ entityKind: entity.kind, value: name, reason: "file without a hash" });
    tie(fileOfHash, hashes);
    for (const hash of hashes) addName(fileOfHash.get(hash), name);
  }

  return { indicators: [...new Set(fileOfHash.values())].map(toIndicator), leftOut };
}

function ofKind(entities: readonly Entity[], kind: string): readonly Entity[] {
  return entities.filter((entity) => entity.kind.toLowerCase() === kind);
}

/** Makes one file of all that these hashes are known to belong to, in place of the first of them. */
function tie(fileOfHash: Map<string, KnownFile>, [first, ...others]: readonly string[]): void {
  const file = first && fileOfHash.get(first);
  if (!file) return;
  for (const hash of others) {
    const other = fileOfHash.get(hash);
    if (!other || other === file || contradict(file, other)) continue;
    for (const [algorithm, value] of other.hashes) {
      file.hashes.set(algorithm, value);
      fileOfHash.set(value, file);
    }
    for (const name of other.names) addName(file, name);
  }
}

function contradict(a: KnownFile, b: KnownFile): boolean {
  return [...b.hashes].some(([algorithm, value]) => (a.hashes.get(algorithm) ?? value) !== value);
}

function addName(file: KnownFile | undefined, name: string): void {
  if (file && name && file.names.size < maxNames) file.names.add(name.slice(0, maxNameLength));
}

function toIndicator({ hashes, names }: KnownFile): Indicator {
  const value = strongestFirst.flatMap((algorithm) => hashes.get(algorithm) ?? [])[0] ?? "";
  return {
    kind: "file",
    value,
    hashes: Object.fromEntries(hashes),
    ...(names.size > 0 ? { names: [...names] } : {}),
  };
}
