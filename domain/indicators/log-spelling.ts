import { isIP } from "node:net";
import type { Indicator } from "./indicator";

const longestValue = 2_000;

/**
 * How logs may write an indicator, in lower case: a file by each of its hashes, an IPv4 address also within IPv6, a URL
 * of a bare host also without its slash. Empty for an indicator that is known only by its fingerprint.
 */
export function logSpellings({ kind, value, hashes = {}, byFingerprint }: Indicator): readonly string[] {
  const spellings: Readonly<Record<Indicator["kind"], () => readonly string[]>> = {
    file: () => [value, ...Object.values(hashes)],
    url: () => (byFingerprint ? [] : [value, value.replace(/^([a-z]+:\/\/[^/?]+)\/(?=$|\?)/, "$1")]),
    domain: () => [value],
    address: () => (isIP(value) === 4 ? [value, `::ffff:${value}`] : [value]),
  };
  const written = spellings[kind]().map((each) => each.toLowerCase());
  return [...new Set(written)].filter(({ length }) => length <= longestValue);
}

/** A term that any text with the indicator contains as whole words, however its URL is encoded. */
export function logTerm({ kind, value }: Indicator): string {
  const host = kind === "url" && URL.canParse(value) ? new URL(value).hostname : value;
  return host.replace(/^\[|\]$/g, "").toLowerCase();
}
