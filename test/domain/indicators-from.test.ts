import { describe, expect, test } from "vitest";
import type { Entity } from "../../domain/entity";
import { indicatorKey } from "../../domain/indicator";
import { indicatorsFrom } from "../../domain/indicators-from";
import large from "../fixtures/entities/large.json";

let ids = 0;
const entity = (kind: string, properties: Record<string, unknown>, id = `entity-${++ids}`): Entity => ({
  id,
  kind,
  properties,
});
const ip = (address: string) => entity("Ip", { address });
const url = (value: string) => entity("Url", { url: value });
const domain = (domainName: string) => entity("DnsResolution", { domainName });
const hash = (hashValue: string, algorithm = "Unknown", id?: string) =>
  entity("FileHash", { hashValue, algorithm }, id);
const file = (fileName: string, fileHashEntityIds: unknown) =>
  entity("File", { fileName, fileHashEntityIds });

const md5 = "44d88612fea8a8f36de82e1278abb02f";
const sha1 = "3395856ce81f2b7382dee72602f798b642f14140";
const sha256 = "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f";

/** The one indicator or left-out thing that comes of one entity. */
function readingOf(one: Entity): string {
  const { indicators, leftOut } = indicatorsFrom([one]);
  expect(indicators.length + leftOut.length).toBe(1);
  return indicators[0]?.value ?? `left out: ${leftOut[0]?.reason}`;
}

describe("a large incident", () => {
  const { indicators, leftOut } = indicatorsFrom(large.entities);

  test("becomes distinct indicators, files first, each in the order first seen", () => {
    expect(indicators.map((each) => `${indicatorKey(each).slice(0, 90)}`)).toMatchInlineSnapshot(`
      [
        "file:275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f",
        "file:50d858e0985ecc7f60418aaf0cc5ab587f42c2570a884095a9e8ccacd0f6545c",
        "file:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "url:https://login.example.com/a?x=1&y=%3Cscript%3Ealert(%271%27)%3C/script%3E%22onmouseove",
        "url:https://files.example.org/a|b_[click](javascript:alert(1))*x*%60y%60",
        "url:http://[2606:4700:4700::1111]:8080/x?y",
        "url:http://8.8.8.8/payload.bin",
        "url:http://www.example.net/path%20with%20space",
        "url:https://evil.example.com/",
        "url:https://cdn.example.com/redirect?u=a1b2c3d4e5a1b2c3d4e5a1b2c3d4e5a1b2c3d4e5a1b2c3d4e5a",
        "domain:malware-c2.example.com",
        "address:8.8.4.4",
        "address:8.8.8.8",
        "address:2606:4700:4700::1111",
      ]
    `);
  });

  test("keeps all hashes and the names of a file", () => {
    expect(indicators[0]).toEqual({
      kind: "file",
      value: sha256,
      hashes: { md5, sha1, sha256 },
      names: ["invoice\u202efdp.exe"],
    });
  });

  test("says of everything else why it is not looked up", () => {
    expect(
      leftOut.map(({ entityKind, value, reason }) => `${entityKind} ${value.slice(0, 60)}: ${reason}`),
    ).toMatchInlineSnapshot(`
      [
        "FileHash b99d61d874728edc0918ca0eb10eab93d381e7367e377406e65963366c87: Authenticode hash, not a file hash",
        "FileHash deadbeef: no valid hash",
        "File <img src=x onerror=alert(1)>.sh: file without a hash",
        "Ip 10.20.30.40: private address",
        "Ip 172.16.5.4: private address",
        "Ip 192.168.50.35: private address",
        "Ip 169.254.10.1: link-local address",
        "Ip 127.0.0.1: loopback address",
        "Ip 100.64.1.1: carrier-grade NAT address",
        "Ip 203.0.113.77: documentation address",
        "Ip fe80::1ff:fe23:4567:890a: link-local address",
        "Ip fd12:3456:789a:1::1: private address",
        "Ip ::ffff:10.20.30.40: private address",
        "Ip unknown: no valid address",
        "Url https://пример.example/путь?q=тест: URL with internal name",
        "Url http://xn--e1afmkfd.example/%D0%BF%D1%83%D1%82%D1%8C: URL with internal name",
        "Host WS-0042: entity kind that is not looked up",
        "Account Alex Doe: entity kind that is not looked up",
        "Process cmd.exe: entity kind that is not looked up",
        "MailMessage Invoice <overdue> & "final" notice: entity kind that is not looked up",
        "Mailbox alex.doe@example.com: entity kind that is not looked up",
        "Malware EICAR-Test-File: entity kind that is not looked up",
        "AzureResource vm-web-01: entity kind that is not looked up",
        "CloudApplication Office 365: entity kind that is not looked up",
        "FutureKind future: entity kind that is not looked up",
      ]
    `);
  });
});

describe("file hashes", () => {
  test.each([
    ["in upper case", hash(sha256.toUpperCase(), "SHA256"), sha256],
    ["with blanks around it", hash(` ${md5}\n`, "MD5"), md5],
    ["of algorithm Unknown, by its length", hash(sha1), sha1],
    ["without an algorithm", entity("FileHash", { hashValue: md5 }), md5],
    ["with the algorithm spelt otherwise", hash(sha256, "sha-256"), sha256],
    [
      "of a file without its signature",
      hash(sha256, "SHA256AC"),
      "left out: Authenticode hash, not a file hash",
    ],
    ["too short", hash("deadbeef", "SHA256"), "left out: no valid hash"],
    ["with other characters", hash("z".repeat(64), "SHA256"), "left out: no valid hash"],
    ["that contradicts its algorithm", hash(md5, "SHA256"), "left out: hash that contradicts its algorithm"],
    [
      "of an algorithm nobody looks up",
      hash(sha256, "SHA3-256"),
      "left out: hash that contradicts its algorithm",
    ],
    ["missing", entity("FileHash", { hashValue: null, algorithm: "MD5" }), "left out: no valid hash"],
  ])("%s", (_, one, expected) => expect(readingOf(one)).toBe(expected));

  const trio = [
    hash(md5, "MD5", "/x/Entities/AAA"),
    hash(sha1, "SHA1", "bbb"),
    hash(sha256, "SHA256", "/y/entities/ccc"),
  ];

  test.each([
    ["ARM ids", ["/x/Entities/AAA", "/x/Entities/bbb", "/x/Entities/ccc"]],
    ["bare GUIDs in another case", ["aaa", "BBB", "Ccc"]],
    ["some nonsense among them", ["aaa", null, 7, {}, "bbb", "unknown", "ccc"]],
  ])("that a file refers to by %s are one indicator", (_, references) => {
    expect(indicatorsFrom([...trio, file("a.exe", references)]).indicators).toEqual([
      { kind: "file", value: sha256, hashes: { md5, sha1, sha256 }, names: ["a.exe"] },
    ]);
  });

  test("that nothing ties together are files of their own", () => {
    expect(indicatorsFrom(trio).indicators.map(({ value }) => value)).toEqual([md5, sha1, sha256]);
  });

  test("of one file are tied over several entities, and all names kept once", () => {
    const files = [file("a.exe", ["aaa", "bbb"]), file("b.exe", ["bbb", "ccc"]), file("a.exe", ["ccc"])];
    expect(indicatorsFrom([...files, ...trio]).indicators).toEqual([
      { kind: "file", value: sha256, hashes: { md5, sha1, sha256 }, names: ["a.exe", "b.exe"] },
    ]);
  });

  test("are not tied when a file claims two of one algorithm", () => {
    const other = "b".repeat(64);
    const { indicators } = indicatorsFrom([
      ...trio,
      hash(other, "SHA256", "ddd"),
      file("a.exe", ["aaa", "ccc", "ddd"]),
    ]);
    expect(indicators.map(({ hashes }) => hashes)).toEqual([{ md5, sha256 }, { sha1 }, { sha256: other }]);
  });

  test("a file without one is left out under its name", () => {
    expect(indicatorsFrom([file("x.sh", ["gone"])])).toEqual({
      indicators: [],
      leftOut: [{ entityKind: "File", value: "x.sh", reason: "file without a hash" }],
    });
  });

  test("a file keeps at most five names", () => {
    const files = Array.from({ length: 9 }, (_, i) => file(`${i}.exe`, ["aaa"]));
    expect(indicatorsFrom([...trio, ...files]).indicators[0]?.names).toHaveLength(5);
  });
});

describe("addresses", () => {
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
  ])("%s is %s", (address, expected) => expect(readingOf(ip(address))).toBe(expected));

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
    for (const address of addresses) expect(readingOf(ip(address))).toBe(`left out: ${what} address`);
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
  ])("%s, beside a range, is public", (address) => expect(readingOf(ip(address))).toBe(address));
});

describe("domains", () => {
  test.each([
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
    ["8.8.8.8.in-addr.arpa", "left out: reverse-lookup name"],
    ["1.0.0.2.ip6.arpa", "left out: reverse-lookup name"],
    ["8.8.8.8", "left out: no valid domain name"],
    ["0x7f.1", "left out: no valid domain name"],
    ["a/b.com", "left out: no valid domain name"],
    ["a..com", "left out: no valid domain name"],
    ["exa mple.com", "left out: no valid domain name"],
    [`${"a".repeat(64)}.com`, "left out: no valid domain name"],
    [`${"a.".repeat(130)}com`, "left out: no valid domain name"],
    ["", "left out: no valid domain name"],
  ])("%s is %s", (name, expected) => expect(readingOf(domain(name))).toBe(expected));
});

describe("URLs", () => {
  test.each([
    ["https://Contoso.COM:443/A?b=C#frag", "https://contoso.com/A?b=C"],
    ["http://user:secret@contoso.com/", "http://contoso.com/"],
    ["hxxps://evil[.]contoso[.]com/", "https://evil.contoso.com/"],
    ["hxxp[:]//evil(.)contoso[dot]com/a[.]php", "http://evil.contoso.com/a.php"],
    ["hXXps[://]contoso{.}com", "https://contoso.com/"],
    ["http://contoso.com/a[.]b", "http://contoso.com/a[.]b"],
    ["www.contoso.com/path with space", "http://www.contoso.com/path%20with%20space"],
    ["//contoso.com/x", "http://contoso.com/x"],
    ["contoso.com:8080/x", "http://contoso.com:8080/x"],
    ["http://contoso.com./x", "http://contoso.com/x"],
    ["https://пример.com/путь", "https://xn--e1afmkfd.com/%D0%BF%D1%83%D1%82%D1%8C"],
    ["http://[2606:4700:4700::1111]:8080/x?y#frag", "http://[2606:4700:4700::1111]:8080/x?y"],
    ["http://134744072/", "http://8.8.8.8/"],
    ["http://0x7f.1/", "left out: URL with loopback address"],
    ["http://2130706433/", "left out: URL with loopback address"],
    ["http://[::ffff:10.0.0.1]/", "left out: URL with private address"],
    ["http://10.0.0.1:8080/admin", "left out: URL with private address"],
    ["http://169.254.169.254/metadata", "left out: URL with link-local address"],
    ["http://localhost:3000/", "left out: URL with single-label name"],
    ["https://intranet/", "left out: URL with single-label name"],
    ["https://wiki.corp/", "left out: URL with internal name"],
    ["ftp://contoso.com/x", "left out: neither http nor https"],
    ["javascript:alert(1)", "left out: neither http nor https"],
    ["mailto:a@contoso.com", "left out: neither http nor https"],
    ["http://", "left out: no valid URL"],
    ["", "left out: no valid URL"],
    ["http://exa%00mple.com/", "left out: no valid URL"],
    [`http://contoso.com/${"a".repeat(4_000)}`, "left out: URL longer than 4000 characters"],
  ])("%s is %s", (text, expected) => expect(readingOf(url(text))).toBe(expected));

  test("of 2,000 characters and more are looked up whole", () => {
    const long = `http://contoso.com/${"a".repeat(2_500)}`;
    expect(readingOf(url(long))).toBe(long);
  });

  test("do not make a domain of their host", () => {
    expect(indicatorsFrom([url("http://contoso.com/")]).indicators).toEqual([
      { kind: "url", value: "http://contoso.com/" },
    ]);
  });
});

describe("a list of entities", () => {
  test("is read whatever the case of its kinds", () => {
    const entities = [ip("8.8.8.8"), url("http://a.com/"), domain("a.com"), hash(md5)].map((each, i) => ({
      ...each,
      kind: i % 2 ? each.kind.toUpperCase() : each.kind.toLowerCase(),
    }));
    expect(indicatorsFrom(entities).indicators.map(({ kind }) => kind)).toEqual([
      "file",
      "url",
      "domain",
      "address",
    ]);
  });

  test("gives each thing once, left-out ones too", () => {
    const { indicators, leftOut } = indicatorsFrom([
      ip("8.8.8.8"),
      ip("10.0.0.1"),
      ip("::ffff:8.8.8.8"),
      ip("10.0.0.1"),
    ]);
    expect(indicators).toEqual([{ kind: "address", value: "8.8.8.8" }]);
    expect(leftOut).toEqual([{ entityKind: "Ip", value: "10.0.0.1", reason: "private address" }]);
  });

  test("leaves out other kinds under their friendly name, else their id", () => {
    const host = entity("Host", { friendlyName: "WS-0042" });
    const account = entity("Account", {}, "/subscriptions/x/Entities/42");
    expect(indicatorsFrom([host, account]).leftOut).toEqual([
      { entityKind: "Host", value: "WS-0042", reason: "entity kind that is not looked up" },
      { entityKind: "Account", value: "42", reason: "entity kind that is not looked up" },
    ]);
  });

  test("cuts left-out values, which nobody uses", () => {
    const [item] = indicatorsFrom([url(`ftp://contoso.com/${"a".repeat(5_000)}`)]).leftOut;
    expect(item?.value).toHaveLength(201);
  });

  test("may hold anything at all", () => {
    const junk: unknown[] = [null, undefined, 0, "", "text", [], {}, { a: [{ b: null }] }, Number.NaN, true];
    const kinds = ["Ip", "Url", "DnsResolution", "FileHash", "File", "Host", "__proto__", "constructor"];
    const properties = [
      "address",
      "url",
      "domainName",
      "hashValue",
      "algorithm",
      "fileName",
      "fileHashEntityIds",
      "friendlyName",
    ];
    const entities: unknown[] = junk.flatMap((value) => [
      value,
      { id: value, kind: value, properties: value },
      ...kinds.map((kind) => ({ id: value, kind, properties: value })),
      ...kinds.map((kind) => ({
        id: "x",
        kind,
        properties: Object.fromEntries(properties.map((name) => [name, value])),
      })),
      ...kinds.map((kind) => ({
        id: "x",
        kind,
        properties: Object.fromEntries(properties.map((name) => [name, [value, [value]]])),
      })),
    ]);
    expect(indicatorsFrom(entities as Entity[]).indicators).toEqual([]);
  });
});
