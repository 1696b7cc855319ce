import type { FileHashes } from "./indicator";

export type HashAlgorithm = keyof FileHashes;

type HashReading =
  | { readonly kind: "hash"; readonly algorithm: HashAlgorithm; readonly value: string }
  | { readonly kind: "leftOut"; readonly reason: string };

const algorithmOfLength: Readonly<Record<number, HashAlgorithm>> = { 32: "md5", 40: "sha1", 64: "sha256" };

/**
 * Reads a file hash. `algorithm` is Sentinel's: `Unknown` (or nothing) is told by the length. `SHA256AC` looks like a
 * SHA-256 but covers a file without its signature, so that no service knows the file by it.
 */
export function hashFrom(text: string, algorithm: string): HashReading {
  const value = text.trim().toLowerCase();
  const stated = algorithm.toLowerCase().replace(/[^a-z\d]/g, "");
  const measured = algorithmOfLength[value.length];
  if (stated === "sha256ac") return { kind: "leftOut", reason: "Authenticode hash, not a file hash" };
  if (!measured || !/^[\da-f]+$/.test(value)) return { kind: "leftOut", reason: "no valid hash" };
  if (stated && stated !== "unknown" && stated !== measured)
    return { kind: "leftOut", reason: "hash that contradicts its algorithm" };
  return { kind: "hash", algorithm: measured, value };
}
