import { type Entity, entityKey, textOf, textsOf } from "../incident/entity";
import { fileNameIn, readableFirst } from "../text";
import { type FileHash, type HashAlgorithm, hashesFrom } from "./hash";
import { type FileHashes, type Indicator, type LeftOut, leftOutFrom } from "./indicator";

/** What is known about a file; entities and answers each add to it. */
interface KnownFile {
  readonly hashes: Map<HashAlgorithm, string>;
  readonly names: Set<string>;
}

const strongestFirst: readonly HashAlgorithm[] = ["sha256", "sha1", "md5"];

/** Adds `other` to `file` and returns true; returns false if they contradict each other in a hash. */
function absorb(file: KnownFile, other: KnownFile): boolean {
  const entries = [...other.hashes];
  if (entries.some(([algorithm, value]) => (file.hashes.get(algorithm) ?? value) !== value)) return false;
  for (const [algorithm, value] of entries) file.hashes.set(algorithm, value);
  for (const name of other.names) file.names.add(name);
  return true;
}

/** Without its names. */
function indicatorOf({ hashes }: KnownFile): Indicator {
  const value = strongestFirst.flatMap((algorithm) => hashes.get(algorithm) ?? [])[0] ?? "";
  return { kind: "file", value, hashes: Object.fromEntries(hashes) };
}

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

/** One or several indicators that turned out to be the same thing. */
interface MergedIndicator {
  /** A file has all its hashes and names, and the strongest hash as its value; other indicators are unchanged. */
  readonly indicator: Indicator;
  /** Its positions among the given indicators, ascending; at least one. */
  readonly positions: readonly [number, ...number[]];
}

/**
 * Merges indicators that are the same file, according to the hashes that services know: each becomes one row, one card
 * and counts once. The order is that of first occurrence; every position occurs exactly once.
 *
 * @param known for each indicator, by position, the sets of hashes that answers gave for it. A set that contradicts
 * what is known about the file (two hashes of one algorithm) is ignored, so nothing is merged because of it.
 */
export function mergeFiles(
  indicators: readonly Indicator[],
  known: readonly (readonly FileHashes[])[],
): readonly MergedIndicator[] {
  const groups: Group[] = [];
  const groupOfHash = new Map<string, Group>();
  indicators.forEach((indicator, position) => {
    const group: Group = { indicator, positions: [position], file: fileOf(indicator), isGone: false };
    groups.push(group);
    if (indicator.kind !== "file") return;
    for (const hashes of known[position] ?? []) absorb(group.file, knownFileOf(hashes));
    join(group, groupOfHash);
  });
  return groups.flatMap((group) => (group.isGone ? [] : [mergedFrom(group)]));
}

interface Group {
  readonly indicator: Indicator;
  readonly positions: [number, ...number[]];
  readonly file: KnownFile;
  isGone: boolean;
}

/** Makes one group of this one and those that share a hash with it, in place of the first. */
function join(group: Group, groupOfHash: Map<string, Group>): void {
  const sharing = [...group.file.hashes.values()].flatMap((hash) => groupOfHash.get(hash) ?? []);
  let target = group;
  for (const other of new Set(sharing)) {
    const [earlier, later] = target.positions[0] < other.positions[0] ? [target, other] : [other, target];
    if (!absorb(earlier.file, later.file)) continue;
    earlier.positions.push(...later.positions);
    later.isGone = true;
    target = earlier;
  }
  for (const hash of target.file.hashes.values())
    if (groupOfHash.get(hash)?.isGone ?? true) groupOfHash.set(hash, target);
}

function fileOf({ value, hashes, names = [] }: Indicator): KnownFile {
  const file = knownFileOf(hashes ?? {});
  const algorithm = ({ 32: "md5", 40: "sha1", 64: "sha256" } as const)[value.length];
  if (algorithm && !file.hashes.has(algorithm)) file.hashes.set(algorithm, value);
  for (const name of names) file.names.add(name);
  return file;
}

function knownFileOf({ md5, sha1, sha256 }: FileHashes): KnownFile {
  const entries = Object.entries({ sha256, sha1, md5 }) as [HashAlgorithm, string | undefined][];
  const given = entries.flatMap(([algorithm, hash]) =>
    hash ? [[algorithm, hash.toLowerCase()] as const] : [],
  );
  return { hashes: new Map(given), names: new Set() };
}

function mergedFrom({ indicator, positions, file }: Group): MergedIndicator {
  if (indicator.kind !== "file" || file.hashes.size === 0) return { indicator, positions };
  const names = readableFirst([...file.names]);
  const merged = { ...indicatorOf(file), ...(names.length > 0 ? { names } : {}) };
  return { indicator: merged, positions: positions.toSorted((a, b) => a - b) as [number, ...number[]] };
}
