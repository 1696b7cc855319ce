import ipaddr, { type IPv4, type IPv6 } from "ipaddr.js";
import { refang } from "./defang";
import { leaveOut, lookup, type Reading, unreadable } from "./indicator";

/**
 * IP addresses that no outsider can say anything about: for a private IP address VirusTotal answers 200, with an answer
 * that would describe any network's. Registries: iana.org/assignments/iana-ipv4-special-registry and -ipv6-;
 * 168.63.129.16 is Azure's platform (learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16).
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
  "reserved address": [
    "0.0.0.0/8",
    "192.0.0.0/24",
    "192.88.99.0/24",
    "198.18.0.0/15",
    "240.0.0.0/4",
    "2001:2::/48",
    "2001:10::/28",
    "2001:20::/28",
  ],
};

const ranges = Object.fromEntries(
  Object.entries(notPublic).map(([reason, blocks]) => [
    reason,
    blocks.map((block) => ipaddr.parseCIDR(block)),
  ]),
);

/** All IPv6 addresses that can be reached from anywhere: RFC 4291, section 2.4, as delegated. */
const globalUnicast = ipaddr.IPv6.parseCIDR("2000::/3");

const maxLength = 100;

/**
 * Reads an IPv4 or IPv6 address, also with a port or as a range of one address. Only the ordinary spelling counts:
 * `010.1.1.1` is octal to some programs and not to others. An IP address that embeds a non-public one is not public
 * either.
 */
export function addressFrom(text: string): Reading {
  if (text.length > maxLength) return unreadable("not a valid IP address");
  const [written = "", bits] = withoutPort(refang(text.trim())).split("/");
  const address = parsed(written);
  if (!address) return unreadable("not a valid IP address");
  const reason = reasonOf(address);
  if (reason !== undefined) return leaveOut(reason);
  const isOne = bits === undefined || bits === "" || Number(bits) === (written.includes(":") ? 128 : 32);
  return isOne ? lookup(address.toString()) : unreadable("range of addresses");
}

function withoutPort(text: string): string {
  const [, bracketed, address = text] =
    /^(?:\[([^\]]*)\]|((?:::ffff:)?[\d.]+))(?::\d{1,5})?$/i.exec(text) ?? [];
  return bracketed ?? address;
}

function parsed(text: string): IPv4 | IPv6 | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  // A zone (`fe80::1%eth0`) names an interface of the machine that saw the address.
  const unzoned = text.replace(/%.*$/s, "");
  // The library throws and catches errors of its own over other text, such as a URL.
  if (!/^[\da-f:.]+$/i.test(unzoned)) return undefined;
  return ipaddr.IPv6.isValid(unzoned) ? unwrapped(ipaddr.IPv6.parse(unzoned)) : undefined;
}

/** Translations of one IPv4 address (RFC 4291, 6052, 2765): the embedded address is checked and looked up. */
const translations = ["::ffff:0:0/96", "64:ff9b::/96", "::ffff:0:0:0/96"].map((range) =>
  ipaddr.IPv6.parseCIDR(range),
);

function unwrapped(address: IPv6): IPv4 | IPv6 {
  return translations.some((range) => address.match(range)) ? ipv4At(address, 12) : address;
}

/** Tunnels, and where their addresses contain the IPv4 addresses of their ends. */
const tunnels: readonly { readonly isOne: (address: IPv6) => boolean; readonly ends: Ends }[] = [
  { isOne: within("::/96"), ends: (address) => [ipv4At(address, 12)] },
  // 6to4, RFC 3056.
  { isOne: within("2002::/16"), ends: (address) => [ipv4At(address, 2)] },
  // Teredo, RFC 4380: the client's address has all its bits inverted.
  { isOne: within("2001::/32"), ends: (address) => [ipv4At(address, 4), ipv4At(address, 12, 0xff)] },
  // ISATAP, RFC 5214, section 6.1.
  {
    isOne: ({ parts }) => (parts[4] === 0 || parts[4] === 0x200) && parts[5] === 0x5efe,
    ends: (address) => [ipv4At(address, 12)],
  },
];
type Ends = (address: IPv6) => readonly IPv4[];

function within(range: string): (address: IPv6) => boolean {
  const parsedRange = ipaddr.IPv6.parseCIDR(range);
  return (address) => address.match(parsedRange);
}

function ipv4At(address: IPv6, start: number, mask = 0): IPv4 {
  return new ipaddr.IPv4(
    address
      .toByteArray()
      .slice(start, start + 4)
      .map((byte) => byte ^ mask),
  );
}

/** Why the address is not public; `undefined` if it is. */
function reasonOf(address: IPv4 | IPv6): string | undefined {
  const listed = ipaddr.subnetMatch(address, ranges, "public");
  if (listed !== "public") return listed;
  if (!isIPv6(address)) return undefined;
  const ends = tunnels.flatMap(({ isOne, ends }) => (isOne(address) ? ends(address) : []));
  const [inner] = ends.flatMap((end) => reasonOf(end) ?? []);
  return inner ?? (address.match(globalUnicast) ? undefined : "reserved address");
}

function isIPv6(address: IPv4 | IPv6): address is IPv6 {
  return address.kind() === "ipv6";
}
