import type { HashAlgorithm } from "./hash";
import type { Indicator } from "./indicator";

/** What is known about a file; entities and answers each add to it. */
export interface KnownFile {
  readonly hashes: Map<HashAlgorithm, string>;
  readonly names: Set<string>;
}

const strongestFirst: readonly HashAlgorithm[] = ["sha256", "sha1", "md5"];

/** Adds `other` to `file` and returns true; returns false if they contradict each other in a hash. */
export function absorb(file: KnownFile, other: KnownFile): boolean {
  const entries = [...other.hashes];
  if (entries.some(([algorithm, value]) => (file.hashes.get(algorithm) ?? value) !== value)) return false;
  for (const [algorithm, value] of entries) file.hashes.set(algorithm, value);
  for (const name of other.names) file.names.add(name);
  return true;
}

/** Without its names. */
export function indicatorOf({ hashes }: KnownFile): Indicator {
  const value = strongestFirst.flatMap((algorithm) => hashes.get(algorithm) ?? [])[0] ?? "";
  return { kind: "file", value, hashes: Object.fromEntries(hashes) };
}
