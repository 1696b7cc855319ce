import { describe, expect, test } from "vitest";
import { type Allowed, allowedFrom, allowList } from "../../../domain/indicators/allowed";
import type { Indicator } from "../../../domain/indicators/indicator";

const sha1 = "3395856ce81f2b7382dee72602f798b642f14140";
const sha256 = "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f";
const md5 = "44d88612fea8a8f36de82e1278abb02f";

describe("an entry of ALLOWED_INDICATORS", () => {
  test.each<[text: string, entry: Allowed]>([
    ["8.8.8.8", { kind: "address", range: "8.8.8.8/32" }],
    ["8.8.0.0/16", { kind: "address", range: "8.8.0.0/16" }],
    ["11.0.0.0/8", { kind: "address", range: "11.0.0.0/8" }],
    ["2606:4700::/32", { kind: "address", range: "2606:4700::/32" }],
    ["2606:4700::1111", { kind: "address", range: "2606:4700::1111/128" }],
    ["::ffff:8.8.8.8", { kind: "address", range: "8.8.8.8/32" }],
    ["Contoso.COM", { kind: "domain", name: "contoso.com" }],
    ["mail.contoso.co.uk.", { kind: "domain", name: "mail.contoso.co.uk" }],
    ["contoso.internal", { kind: "domain", name: "contoso.internal" }],
    ["contoso.github.io", { kind: "domain", name: "contoso.github.io" }],
    ["bücher.example", { kind: "domain", name: "xn--bcher-kva.example" }],
    [sha1.toUpperCase(), { kind: "file", hash: sha1 }],
    [sha256, { kind: "file", hash: sha256 }],
    ["url:Files.Contoso.com", { kind: "url", host: "files.contoso.com" }],
    ["url:8.8.8.8", { kind: "url", host: "8.8.8.8" }],
    ["url:[2606:4700::1111]", { kind: "url", host: "[2606:4700::1111]" }],
  ])("%s is understood", (text, entry) => {
    expect(allowedFrom(text)).toEqual({ entry });
  });

  test.each([
    ["com", "a single label"],
    ["intranet", "a single label"],
    ["co.uk", "a public suffix"],
    ["github.io", "a public suffix"],
    ["blob.core.windows.net", "a public suffix"],
    ["url:com", "a single label"],
    ["url:co.uk", "a public suffix"],
    ["0.0.0.0/0", "wider than /8"],
    ["8.0.0.0/7", "wider than /8"],
    ["::/0", "wider than /32"],
    ["2600::/31", "wider than /32"],
    ["8.8.8.8/33", "not an address"],
    ["10.1", "not an address"],
    ["*.contoso.com", "not an address"],
    [".contoso.com", "not an address"],
    ["https://contoso.com/", "not an address"],
    ["url:https://contoso.com", "not an address"],
    ["url:contoso.com:8443", "not an address"],
    ["url:", "not an address"],
    ["alice@contoso.com", "not an address"],
    [md5, "an MD5"],
    [sha256.slice(1), "a single label"],
  ])("%s is refused", (text, problem) => {
    expect(allowedFrom(text)).toEqual({ problem: expect.stringContaining(problem) });
  });
});

describe("what an entry covers", () => {
  const file: Indicator = { kind: "file", value: sha256, hashes: { md5, sha1, sha256 } };
  const address = (value: string): Indicator => ({ kind: "address", value });
  const domain = (value: string): Indicator => ({ kind: "domain", value });
  const url = (value: string): Indicator => ({ kind: "url", value });

  test.each<[entry: string, covered: readonly Indicator[], other: readonly Indicator[]]>([
    ["8.8.8.8", [address("8.8.8.8")], [address("8.8.8.9"), url("http://8.8.8.8/")]],
    ["8.8.8.0/24", [address("8.8.8.255")], [address("8.8.9.0"), address("2606:4700::1111")]],
    ["2606:4700::/32", [address("2606:4700::1111")], [address("2606:4701::1"), address("8.8.8.8")]],
    [
      "contoso.com",
      [domain("contoso.com"), domain("a.b.contoso.com")],
      [
        domain("notcontoso.com"),
        domain("contoso.com.evil.net"),
        url("https://contoso.com/"),
        url("https://www.contoso.com/login"),
      ],
    ],
    [
      "url:www.contoso.com",
      [url("https://www.contoso.com/a?b"), url("http://www.contoso.com:8443/")],
      [url("https://contoso.com/"), url("https://a.www.contoso.com/"), domain("www.contoso.com")],
    ],
    ["url:[2606:4700::1111]", [url("http://[2606:4700::1111]/x")], [address("2606:4700::1111")]],
    [sha1, [file], [{ kind: "file", value: md5, hashes: { md5 } }]],
    [sha256, [file], [{ kind: "file", value: sha1, hashes: { sha1 } }]],
  ])("%s", (text, covered, other) => {
    const reading = allowedFrom(text);
    const isAllowed = allowList("entry" in reading ? [reading.entry] : []);
    expect(covered.filter((indicator) => !isAllowed(indicator))).toEqual([]);
    expect(other.filter(isAllowed)).toEqual([]);
  });
});
