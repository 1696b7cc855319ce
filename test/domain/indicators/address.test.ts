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
    ["010.1.1.1", "left out: no valid address"],
    ["0x8.8.8.8", "left out: no valid address"],
    ["8.8", "left out: no valid address"],
    ["8.8.8.8/24", "left out: no valid address"],
    ["unknown", "left out: no valid address"],
    ["", "left out: no valid address"],
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
        "::",
        "100::1",
      ],
    ],
  ])("%s addresses are left out", (what, addresses) => {
    for (const address of addresses) expect(readingOf(address)).toBe(`left out: ${what} address`);
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
  ])("%s, beside a range, is public", (address) => expect(readingOf(address)).toBe(address));
});
