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
