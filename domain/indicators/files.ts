import type { Entity } from "../incident/entity";
import { entityKey, textOf, textsOf } from "../incident/entity";
import { fileNameIn, readableFirst } from "../text";
import { type FileHash, hashesFrom } from "./hash";
import { type Indicator, type LeftOut, leftOutFrom } from "./indicator";
import { absorb, indicatorOf, type KnownFile } from "./known-file";

/** Maximum number of names per file: every run carries them. */
const maxNames = 5;
const maxNameLength = 255;

/**
 * The files among the entities, one indicator each, in the order first seen. Equal hashes are one file, and so are all
 * hashes that a `File` refers to, unless it refers to two different ones of the same algorithm.
 */
export function fileIndicatorsFrom(entities: readonly Entity[]): {
  readonly indicators: readonly Indicator[];
  readonly leftOut: readonly LeftOut[];
} {
  const leftOut: LeftOut[] = [];
  const fileOfHash = new Map<string, KnownFile>();
  const hashesOfEntity = new Map<string, readonly FileHash[]>();

  for (const entity of ofKind(entities, "filehash")) {
    const text = textOf(entity, "hashValue");
    const readings = hashesFrom(text, textOf(entity, "algorithm"));
    const hashes = readings.flatMap((reading) => (reading.kind === "hash" ? [reading] : []));
    for (const reading of readings)
      if (reading.kind === "leftOut") leftOut.push(leftOutFrom(entity.kind, text, reading));
    for (const { algorithm, value } of hashes)
      if (!fileOfHash.has(value))
        fileOfHash.set(value, { hashes: new Map([[algorithm, value]]), names: new Set() });
    tie(fileOfHash, hashes);
    const key = entityKey(entity.id);
    // An id that two different entities claim identifies neither.
    if (key !== "") hashesOfEntity.set(key, isEqual(hashesOfEntity.get(key) ?? hashes, hashes) ? hashes : []);
  }

  for (const entity of ofKind(entities, "file")) {
    const name = fileNameIn(textOf(entity, "fileName") || textOf(entity, "friendlyName"));
    const hashes = textsOf(entity, "fileHashEntityIds").flatMap(
      (id) => hashesOfEntity.get(entityKey(id)) ?? [],
    );
    if (hashes.length === 0)
      leftOut.push({ entityKind: entity.kind, value: name, reason: "file without a hash" });
    tie(fileOfHash, hashes);
    for (const { value } of hashes) addName(fileOfHash.get(value), name);
  }

  return { indicators: [...new Set(fileOfHash.values())].map(toIndicator), leftOut };
}

function ofKind(entities: readonly Entity[], kind: string): readonly Entity[] {
  return entities.filter((entity) => entity.kind.toLowerCase() === kind);
}

function isEqual(some: readonly FileHash[], others: readonly FileHash[]): boolean {
  return some.length === others.length && some.every(({ value }, i) => value === others[i]?.value);
}

/** Merges all files that these hashes belong to into one, in the place of the first. */
function tie(fileOfHash: Map<string, KnownFile>, [first, ...others]: readonly FileHash[]): void {
  const file = first && fileOfHash.get(first.value);
  if (!file) return;
  for (const { value } of others) {
    const other = fileOfHash.get(value);
    if (other && other !== file && absorb(file, other))
      for (const hash of other.hashes.values()) fileOfHash.set(hash, file);
  }
}

function addName(file: KnownFile | undefined, name: string): void {
  if (name) file?.names.add(name.slice(0, maxNameLength));
}

function toIndicator(file: KnownFile): Indicator {
  const names = readableFirst([...file.names]).slice(0, maxNames);
  return { ...indicatorOf(file), ...(names.length > 0 ? { names } : {}) };
}
