import { addressFrom } from "./address";
import { refang } from "./defang";
import { domainFrom } from "./domain-name";
import {
  type Indicator,
  type IndicatorKind,
  type LeftOutReading,
  leaveOut,
  type Reading,
  unreadable,
} from "./indicator";
import { urlFrom } from "./url";

/** What connectors write if they have no value. */
const noValue =
  /^(?:n[/.]?a\.?|none|null|nil|nan|undefined|unknown|empty|redacted|not (?:available|applicable)|[-–_.?*]{0,3})$/i;

/** A name or an IPv4 address, with or without a port, that is not a URL. */
const bareHost = /^([^\s/\\?#@:]{1,400})(?::\d{1,5})?$/;

/**
 * Reads one value of a network entity. The value decides the kind: a URL entity may contain a bare host or IP address,
 * which is looked up as such. `expected` decides if the value is ambiguous.
 */
export function networkFrom(text: string, expected: IndicatorKind): Indicator | LeftOutReading {
  if (noValue.test(text)) return unreadable("no value");
  if (expected === "address") return indicatorFrom("address", addressFrom(withoutScheme(text)));
  const address = addressFrom(text);
  if (!text.includes("/") && (address.kind === "lookup" || !address.unreadable))
    return indicatorFrom("address", address);
  const name = expected === "domain" ? text.replace(/^\*?\.|\/$/g, "") : text;
  const [, host] = bareHost.exec(refang(name.slice(0, longestBare))) ?? [];
  if (host !== undefined && name.length <= longestBare) return indicatorFrom("domain", domainFrom(host));
  if (/^[^@\s/\\:]{1,100}@[^@\s/\\:]{1,300}$/.test(text)) return leaveOut("email address");
  return indicatorFrom("url", urlFrom(text));
}

const longestBare = 500;

function indicatorFrom(kind: IndicatorKind, reading: Reading): Indicator | LeftOutReading {
  if (reading.kind === "leftOut") return reading;
  const { kind: _kind, ...read } = reading;
  return { kind, ...read };
}

/** The host of `tcp://8.8.8.8:443/`. */
function withoutScheme(text: string): string {
  return /^[a-z\d]{2,10}:\/\/([^/?#]{0,100})/i.exec(text)?.[1] ?? text;
}
