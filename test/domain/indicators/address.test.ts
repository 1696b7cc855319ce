import { describe, expect, test } from "vitest";
import { addressFrom } from "../../../domain/indicators/address";

/** What comes of a text: the canonical value, or why it is left out. */
function readingOf(text: string): string {
  const reading = addressFrom(text);
  return reading.kind === "lookup" ? reading.value : `left out: ${reading.reason}`;
}

describe("addressFrom", () => {
  test.each([
    ["8.8.8.8", "8.8.8.8"],
    [" 8[.]8[.]8[.]8 ", "8.8.8.8"],
    ["2606:4700:4700:0000:0000:0000:0000:1111", "2606:4700:4700::1111"],
    ["[2606:4700:4700::1111]", "2606:4700:4700::1111"],
    ["2606:4700:4700::1111%eth0", "2606:4700:4700::1111"],
    ["::ffff:8.8.4.4", "8.8.4.4"],
    ["64:ff9b::808:404", "8.8.4.4"],
    ["::ffff:10.20.30.40", "left out: private address"],
    ["::10.20.30.40", "left out: private address"],
    ["64:ff9b::a14:1e28", "left out: private address"],
    ["010.1.1.1", "left out: not a valid IP address"],
    ["0x8.8.8.8", "left out: not a valid IP address"],
    ["8.8", "left out: not a valid IP address"],
    ["8.8.8.8/32", "8.8.8.8"],
    ["2606:4700::1111/128", "2606:4700::1111"],
    ["8.8.8.8/24", "left out: range of addresses"],
    ["10.0.0.0/8", "left out: private address"],
    ["8.8.8.8:443", "8.8.8.8"],
    ["8[.]8[.]8[.]8:53", "8.8.8.8"],
    ["[2001:4860:4860::8888]:443", "2001:4860:4860::8888"],
    ["::ffff:8.8.8.8:443", "8.8.8.8"],
    ["[::ffff:8.8.8.8]:443", "8.8.8.8"],
    ["10.0.0.1:443", "left out: private address"],
    ["::ffff:10.0.0.1:443", "left out: private address"],
    ["008.008.008.008", "left out: not a valid IP address"],
    ["8.8.8.8:port", "left out: not a valid IP address"],
    ["1.".repeat(50_000), "left out: not a valid IP address"],
    ["unknown", "left out: not a valid IP address"],
    ["", "left out: not a valid IP address"],
  ])("%s is %s", (address, expected) => expect(readingOf(address)).toBe(expected));

  test.each([
    ["private", ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "fc00::1", "fdff::1", "fec0::1"]],
    ["loopback", ["127.0.0.1", "127.255.255.255", "::1"]],
    ["link-local", ["169.254.169.254", "fe80::1"]],
    ["carrier-grade NAT", ["100.64.0.0", "100.127.255.255"]],
    ["documentation", ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1"]],
    ["multicast", ["224.0.0.1", "239.255.255.255", "ff02::1"]],
    ["Azure platform", ["168.63.129.16"]],
    [
      "reserved",
      [
        "0.0.0.0",
        "0.1.2.3",
        "192.0.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "192.88.99.1",
        "::",
        "::808:808",
        "100::1",
        "2001:2::1",
        "2001:10::1",
        "2001:20::1",
        "5f00::1",
        "4000::1",
      ],
    ],
  ])("%s addresses are left out", (what, addresses) => {
    for (const address of addresses) expect(readingOf(address)).toBe(`left out: ${what} address`);
  });

  test.each([
    ["6to4", "2002:a14:1e28::1"],
    ["Teredo, of a client", "2001:0:4136:e378:8000:63bf:f5ff:fffe"],
    ["Teredo, of a server", "2001:0:a00:1::1"],
    ["ISATAP", "2a00::5efe:10.0.0.1"],
    ["IPv4-translated", "::ffff:0:10.0.0.1"],
    ["IPv4-mapped", "::ffff:10.0.0.1"],
    ["IPv4-compatible", "::10.0.0.1"],
    ["NAT64", "64:ff9b::10.0.0.1"],
  ])("an address of %s is as private as the one within it", (_, address) => {
    expect(readingOf(address)).toBe("left out: private address");
  });

  test.each([
    ["6to4", "2002:808:808::1", "2002:808:808::1"],
    ["Teredo", "2001:0:4136:e378:8000:63bf:f7f7:f7f7", "2001:0:4136:e378:8000:63bf:f7f7:f7f7"],
    ["IPv4-translated", "::ffff:0:8.8.8.8", "8.8.8.8"],
  ])("an address of %s with public ones within it is looked up", (_, address, value) => {
    expect(readingOf(address)).toBe(value);
  });

  test.each([
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "168.63.129.17",
    "2001:db9::1",
    "2001:3::1",
    "2620:4f:8000::1",
  ])("%s, beside a range, is public", (address) => expect(readingOf(address)).toBe(address));
});

test.each([
  { text: "unknown", unreadable: true },
  { text: "8.8.8.8/24", unreadable: true },
  { text: "10.0.0.1", unreadable: undefined },
])("$text is unreadable: $unreadable", ({ text, unreadable }) => {
  expect(addressFrom(text)).toMatchObject({ kind: "leftOut" });
  expect("unreadable" in addressFrom(text) || undefined).toBe(unreadable);
});
