import { type FileHashes, type LeftOutReading, leaveOut, unreadable } from "./indicator";

export type HashAlgorithm = keyof FileHashes;

export interface FileHash {
  readonly algorithm: HashAlgorithm;
  /** Lower-case hex. */
  readonly value: string;
}

type HashReading = ({ readonly kind: "hash" } & FileHash) | LeftOutReading;

const algorithmOfLength: Readonly<Record<number, HashAlgorithm>> = { 32: "md5", 40: "sha1", 64: "sha256" };

/** Of SHA-224, SHA-384 and SHA-512. */
const otherLengths: readonly number[] = [56, 96, 128];

/** How the algorithms are spelt, in lower case and without punctuation. */
const spellings: ReadonlyMap<string, HashAlgorithm> = new Map([
  ["md5", "md5"],
  ["sha", "sha1"],
  ["sha1", "sha1"],
  ["sha160", "sha1"],
  ["sha2", "sha256"],
  ["sha256", "sha256"],
  ["sha2256", "sha256"],
]);

/**
 * 4 is the Authenticode hash in both of Microsoft's enumerations that connectors copy from; their other numbers differ
 * (https://learn.microsoft.com/graph/api/resources/security-filehashevidence, .../graph/api/resources/filehash).
 */
const authenticode = /^(?:sha256ac|authenti.*|pesha\d*|4)$/;

/** Hashes that are as long as a file's and belong to a part of it, or to another algorithm. */
const otherAlgorithms =
  /^(?:sha3\d*|sha(?:224|384|512)\d*|sha512256|blake.*|ripemd\d*|imphash|pehash|vhash|icon.*|ssdeep|tlsh|ctph|lshash|md[24]|ntlm|crc\d*|keccak\d*)$/;

/** Hashes of an empty message: https://csrc.nist.gov/projects/cryptographic-standards-and-guidelines/example-values */
const ofNoBytes: readonly string[] = [
  "d41d8cd98f00b204e9800998ecf8427e",
  "da39a3ee5e6b4b0d3255bfef95601890afd80709",
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
];

/**
 * Reads one file hash in hex. `algorithm` is Sentinel's, or whatever a connector wrote there; the length of the hash
 * decides, but a contradicting algorithm makes it unreadable. `SHA256AC` looks like a SHA-256 but excludes the file's
 * signature, so no service knows the file by it.
 */
export function hashFrom(text: string, algorithm: string): HashReading {
  const value = text.trim().toLowerCase();
  const stated = plainName(algorithm);
  if (authenticode.test(stated)) return leaveOut("Authenticode hash, not a file hash");
  if (value.length > 128 || !/^[\da-f]+$/.test(value)) return unreadable("not a valid hash");
  const measured = algorithmOfLength[value.length];
  if (otherAlgorithms.test(stated) || otherLengths.includes(value.length))
    return leaveOut("hash of an unsupported algorithm");
  if (!measured) return unreadable("not a valid hash");
  if ((spellings.get(stated) ?? measured) !== measured)
    return unreadable("hash that does not match its algorithm");
  if (ofNoBytes.includes(value)) return leaveOut("hash of an empty file");
  if (/^(.)\1*$/.test(value)) return leaveOut("placeholder hash (one repeated digit)");
  return { kind: "hash", algorithm: measured, value };
}

/** "SHA-256" and "http://…#sha256" are `sha256`. */
function plainName(algorithm: string): string {
  return algorithm
    .slice(0, maxNameLength)
    .toLowerCase()
    .replace(/[^a-z\d]/g, "");
}

const maxNameLength = 60;

const longestList = 1_000;
/** `SHA256=ab…` of Sysmon, `sha256:ab…`, `ab…(SHA256)` of a `friendlyName`, or the hash alone. */
const labelled =
  /^["'{[(]*(?:([a-z][\w-]{0,15})["']?[=:]["']?)?([^"'()[\]{}=]+?)["'}\])]*(?:\(([\w-]{1,15})\))?["'}\])]*$/i;

/**
 * Reads what a connector wrote as a hash: one hash, or a list of all hashes of one file, each with its algorithm, as
 * Sysmon writes them. Returns at least one reading.
 */
export function hashesFrom(text: string, algorithm: string): readonly HashReading[] {
  if (text.length > longestList) return [unreadable("not a valid hash")];
  const pieces = text.split(/[,;|\s]+/).filter((piece) => piece !== "");
  const readings = pieces.map((piece) => {
    const bytes = joinedBytes(piece);
    if (bytes !== undefined) return hashFrom(bytes, algorithm);
    const [, before, hex = piece, after] = labelled.exec(piece) ?? [];
    return hashFrom(hex.replace(/^0x/i, ""), before ?? after ?? algorithm);
  });
  return readings.length > 0 ? readings : [unreadable("not a valid hash")];
}

/** The digits of `AB-CD-…` and `ab:cd:…`, as certificates and .NET print bytes. */
function joinedBytes(text: string): string | undefined {
  const bytes = text.split(/[-:]/);
  return bytes.length > 1 && bytes.every((byte) => /^[\da-f]{2}$/i.test(byte)) ? bytes.join("") : undefined;
}
