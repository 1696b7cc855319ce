import { isIP } from "node:net";
import { counted, cut, listed } from "../text";
import { defang } from "./defang";
import { type Indicator, type IndicatorKind, indicatorKinds } from "./indicator";

/** Names of the kinds of indicator in sentences. */
export const kindNouns: Readonly<Record<IndicatorKind, { readonly one: string; readonly many: string }>> = {
  file: { one: "file", many: "files" },
  url: { one: "URL", many: "URLs" },
  domain: { one: "domain", many: "domains" },
  address: { one: "IP address", many: "IP addresses" },
};

/** How many there are of each kind: "3 files", "1 URL". */
export function kindCounts(indicators: readonly Indicator[]): readonly string[] {
  return indicatorKinds.flatMap((kind) => {
    const count = indicators.filter((indicator) => indicator.kind === kind).length;
    return count > 0 ? [counted(count, kindNouns[kind].one, kindNouns[kind].many)] : [];
  });
}

const hashDigits = 12;
const maxNameLength = 60;
const maxAddressLength = 80;

/** An indicator in a sentence: "file invoice.exe (275a021bbfb6…)", "IP address 8[.]8[.]8[.]8". */
export function labelOf(indicator: Indicator): string {
  return `${kindNouns[indicator.kind].one} ${shortValueOf(indicator)}`;
}

/** An indicator as a title, above its hashes: "file invoice.exe". */
export function titleOf(indicator: Indicator): string {
  const [name] = indicator.kind === "file" ? (indicator.names ?? []) : [];
  return name === undefined ? labelOf(indicator) : `${kindNouns.file.one} ${cut(name, maxNameLength)}`;
}

/** Several of one kind: "39 IP addresses (93[.]184[.]216[.]1, 93[.]184[.]216[.]2 and 37 more)". */
export function pluralLabelOf(indicators: readonly [Indicator, ...Indicator[]], most: number): string {
  const { one, many } = kindNouns[indicators[0].kind];
  return `${counted(indicators.length, one, many)} (${listed(indicators.map(shortValueOf), most)})`;
}

/** The same without its kind. */
function shortValueOf({ kind, value, names = [] }: Indicator): string {
  if (kind !== "file") return cut(defang({ kind, value }), maxAddressLength);
  const hash = `${value.slice(0, hashDigits)}…`;
  return names[0] ? `${cut(names[0], maxNameLength)} (${hash})` : hash;
}

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
