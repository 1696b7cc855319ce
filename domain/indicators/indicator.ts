/** Kinds of indicator, in the order in which they are looked up when quota is short. */
export const indicatorKinds = ["file", "url", "domain", "address"] as const;
export type IndicatorKind = (typeof indicatorKinds)[number];

/** The hashes of one file, lower-case hex. */
export interface FileHashes {
  readonly md5?: string;
  readonly sha1?: string;
  readonly sha256?: string;
}

/**
 * One distinct thing to look up. `value` is canonical: the strongest hash in lower case, the IP address as `ipaddr.js`
 * prints it, the domain in ASCII, the URL as WHATWG serialises it, without user info and fragment.
 */
export interface Indicator {
  readonly kind: IndicatorKind;
  readonly value: string;
  /** Files only: all hashes known to belong to the same file. */
  readonly hashes?: FileHashes;
  /** Files only: names the incident gives the file, readable ones first. Untrusted text: encode before printing. */
  readonly names?: readonly string[];
  /** URLs only: the Safe Link that contained it. */
  readonly safeLink?: string;
  /**
   * URLs only: the fragment, with its leading `#`; at most 1,000 UTF-16 units, and absent if it is longer or private. A
   * browser acts on it, but servers never see it, and VirusTotal's URL ids do not include it.
   */
  readonly fragment?: string;
  /** URLs only: there is a fragment that is not sent to anyone, because it is private or too long. */
  readonly fragmentWithheld?: true;
  /**
   * URLs only: the URL is private to a person (setting URL_DETAIL), so it is not sent to anyone. People may recognise it
   * by `value`, and a service that knows URLs by their SHA-256 may be queried by `fingerprint`.
   */
  readonly byFingerprint?: true;
  /** With `byFingerprint`: the SHA-256 of the URL in lower-case hex, as VirusTotal makes it. */
  readonly fingerprint?: string;
}

/** An entity, or a part of one, that is not looked up. Shown with its reason, never dropped silently. */
export interface LeftOut {
  /** Entity kind as Sentinel spells it, e.g. `Ip`. */
  readonly entityKind: string;
  readonly value: string;
  /** A short phrase that many items share, e.g. "private address": the comment counts by it. */
  readonly reason: string;
  /** This should be an indicator but could not be read: it counts as not checked. */
  readonly unreadable?: true;
}

/** Equal for equal things. */
export function indicatorKey({ kind, value, fingerprint }: Indicator): string {
  return `${kind}:${fingerprint ?? value}`;
}

/** The keys that the indicator may have in other readings of the incident: a file has one per hash. */
export function keysOf(indicator: Indicator): readonly string[] {
  const hashes = Object.values(indicator.hashes ?? {});
  return [
    ...new Set([indicatorKey(indicator), ...hashes.map((value) => indicatorKey({ kind: "file", value }))]),
  ];
}

/** What one value of an entity is: something to look up, in canonical form, or left out for a reason. */
export type Reading =
  | ({ readonly kind: "lookup"; readonly value: string } & Pick<Indicator, "fragment" | "fragmentWithheld">)
  | LeftOutReading;

export interface LeftOutReading {
  readonly kind: "leftOut";
  /** A short phrase that many values share: the comment counts by it. */
  readonly reason: string;
  readonly unreadable?: true;
}

export function lookup(value: string): Reading {
  return { kind: "lookup", value };
}

/** For something that was understood but must not, or need not, be looked up. */
export function leaveOut(reason: string): LeftOutReading {
  return { kind: "leftOut", reason };
}

/** For something that should be an indicator but could not be understood. */
export function unreadable(reason: string): LeftOutReading {
  return { kind: "leftOut", reason, unreadable: true };
}

export function leftOutFrom(
  entityKind: string,
  value: string,
  { reason, unreadable }: LeftOutReading,
): LeftOut {
  return { entityKind, value, reason, ...(unreadable ? { unreadable } : {}) };
}
