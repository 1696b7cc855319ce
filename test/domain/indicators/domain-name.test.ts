import { expect, test } from "vitest";
import { domainFrom } from "../../../domain/indicators/domain-name";

/** What comes of a text: the canonical value, or why it is left out. */
function readingOf(text: string): string {
  const reading = domainFrom(text);
  return reading.kind === "lookup" ? reading.value : `left out: ${reading.reason}`;
}

test.each<readonly [name: string, expected: string]>([
  ["Evil.Example.COM.", "evil.example.com"],
  ["evil[.]example[.]com", "evil.example.com"],
  ["пример.com", "xn--e1afmkfd.com"],
  ["_dmarc.contoso.com", "_dmarc.contoso.com"],
  ["srv01", "left out: single-label name"],
  ["dc.corp", "left out: internal name"],
  ["printer.local", "left out: internal name"],
  ["nas.lan.", "left out: internal name"],
  ["vm.internal", "left out: internal name"],
  ["nas.home.arpa", "left out: internal name"],
  ["a.localhost", "left out: internal name"],
  ["a.test", "left out: internal name"],
  ["a.example", "left out: internal name"],
  ["a.invalid", "left out: internal name"],
  ["a.onion", "left out: onion service"],
  ...["alt", "localdomain", "home", "intranet", "intra", "private", "mail", "workgroup"].map(
    (suffix) => [`srv.${suffix}`, "left out: internal name"] as const,
  ),
  ["fritz.box", "left out: internal name"],
  ["nas.fritz.box", "left out: internal name"],
  ["vm-1.abc.internal.cloudapp.net", "left out: internal name"],
  ["notfritz.box", "notfritz.box"],
  ["app.cloudapp.net", "app.cloudapp.net"],
  ["dc01.contosoad", "left out: name outside the public DNS"],
  ["shop.contoso.zip", "shop.contoso.zip"],
  ["evil.xn--p1ai", "evil.xn--p1ai"],
  ["evil.рф", "evil.xn--p1ai"],
  ["a.github.io", "a.github.io"],
  ["8.8.8.8.in-addr.arpa", "left out: reverse-lookup name"],
  ["1.0.0.2.ip6.arpa", "left out: reverse-lookup name"],
  ["8.8.8.8", "left out: not a valid domain name"],
  ["0x7f.1", "left out: not a valid domain name"],
  ["a/b.com", "left out: not a valid domain name"],
  ["a..com", "left out: not a valid domain name"],
  ["exa mple.com", "left out: not a valid domain name"],
  [`${"a".repeat(64)}.com`, "left out: not a valid domain name"],
  [`${"a.".repeat(130)}com`, "left out: not a valid domain name"],
  ["", "left out: not a valid domain name"],
  ["文".repeat(100_000), "left out: not a valid domain name"],
])("%s is %s", (name, expected) => expect(readingOf(name)).toBe(expected));
