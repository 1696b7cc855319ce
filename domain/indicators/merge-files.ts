import { readableFirst } from "../text";
import type { HashAlgorithm } from "./hash";
import type { FileHashes, Indicator } from "./indicator";
import { absorb, indicatorOf, type KnownFile } from "./known-file";

/** One or several indicators that turned out to be the same thing. */
export interface MergedIndicator {
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
