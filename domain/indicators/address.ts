import ipaddr, { type IPv4, type IPv6 } from "ipaddr.js";
import { refang } from "./defang";
import { leaveOut, lookup, type Reading } from "./indicator";

/**
 * Addresses that nobody outside can say anything about: VirusTotal answers 200 for a private address, and the answer
 * describes everybody's. Registries: iana.org/assignments/iana-ipv4-special-registry and -ipv6-; 168.63.129.16 is
 * Azure's platform (learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16).
 */
const notPublic: Readonly<Record<string, readonly string[]>> = {
  "private address": [
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "fc00::/7",
    "fec0::/10",
    "64:ff9b:1::/48",
  ],
  "loopback address": ["127.0.0.0/8", "::1/128"],
  "link-local address": ["169.254.0.0/16", "fe80::/10"],
  "carrier-grade NAT address": ["100.64.0.0/10"],
  "documentation address": [
    "192.0.2.0/24",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "2001:db8::/32",
    "3fff::/20",
  ],
  "multicast address": ["224.0.0.0/4", "ff00::/8"],
  "Azure platform address": ["168.63.129.16/32"],
  "reserved address": ["0.0.0.0/8", "192.0.0.0/24", "198.18.0.0/15", "240.0.0.0/4", "::/96", "100::/64"],
};

const ranges = Object.fromEntries(
  Object.entries(notPublic).map(([reason, blocks]) => [
    reason,
    blocks.map((block) => ipaddr.parseCIDR(block)),
  ]),
);
const nat64 = ipaddr.IPv6.parseCIDR("64:ff9b::/96");

/** Reads an IPv4 or IPv6 address. Only the ordinary spelling counts: `010.1.1.1` is octal to some and not to others. */
export function addressFrom(text: string): Reading {
  const address = parsed(refang(text.trim()).replace(/^\[(.*)\]$/, "$1"));
  if (!address) return leaveOut("no valid address");
  const reason = ipaddr.subnetMatch(address, ranges, "public");
  return reason === "public" ? lookup(address.toString()) : leaveOut(reason);
}

function parsed(text: string): IPv4 | IPv6 | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  // A zone (`fe80::1%eth0`) names an interface of the machine that saw the address.
  const unzoned = text.replace(/%.*$/s, "");
  return ipaddr.IPv6.isValid(unzoned) ? unwrapped(ipaddr.IPv6.parse(unzoned)) : undefined;
}

/** The IPv4 address inside `::ffff:a.b.c.d` and `64:ff9b::a.b.c.d`: that one is looked up, and judged. */
function unwrapped(address: IPv6): IPv4 | IPv6 {
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  return address.match(nat64) ? new ipaddr.IPv4(address.toByteArray().slice(12)) : address;
}
