import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Entity } from "../../../domain/incident/entity";
import { allowedFrom } from "../../../domain/indicators/allowed";
import { defang } from "../../../domain/indicators/defang";
import { indicatorsFrom } from "../../../domain/indicators/from-entities";
import { indicatorKey } from "../../../domain/indicators/indicator";
import { labelOf } from "../../../domain/indicators/label";
import type { Screening } from "../../../domain/indicators/screening";
import large from "../../fixtures/entities/large.json";

const sha256Of = (text: string) => createHash("sha256").update(text).digest("hex");

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

const md5 = "44d88612fea8a8f36de82e1278abb02f";
const sha1 = "3395856ce81f2b7382dee72602f798b642f14140";
const sha256 = "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f";

describe("a large incident", () => {
  const { indicators, leftOut } = indicatorsFrom(large.entities);

  test("becomes distinct indicators, files first, each in the order first seen", () => {
    expect(indicators.map((each) => `${indicatorKey(each).slice(0, 90)}`)).toMatchInlineSnapshot(`
      [
        "file:275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f",
        "file:50d858e0985ecc7f60418aaf0cc5ab587f42c2570a884095a9e8ccacd0f6545c",
        "url:https://login.example.com/a?x=1&y=%3Cscript%3Ealert(%271%27)%3C/script%3E%22onmouseove",
        "url:https://files.example.org/a|b_[click](javascript:alert(1))*x*%60y%60",
        "url:http://[2606:4700:4700::1111]:8080/x?y",
        "url:http://8.8.8.8/payload.bin",
        "url:http://www.example.net/path%20with%20space",
        "url:https://evil.example.com/",
        "url:https://cdn.example.com/redirect?u=a1b2c3d4e5a1b2c3d4e5a1b2c3d4e5a1b2c3d4e5a1b2c3d4e5a",
        "url:https://login.example.com/a?x=1",
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
        "FileHash e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852: hash of an empty file",
        "FileHash deadbeef: not a valid hash",
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
        "Ip unknown: no value",
        "Url https://пример.example/путь?q=тест: URL with internal name",
        "Url http://xn--e1afmkfd.example/%D0%BF%D1%83%D1%82%D1%8C: URL with internal name",
        "Host WS-0042: not an indicator",
        "Account Alex Doe: not an indicator",
        "Process cmd.exe: not an indicator",
        "Mailbox alex.doe@example.com: not an indicator",
        "Malware EICAR-Test-File: not an indicator",
        "AzureResource vm-web-01: not an indicator",
        "CloudApplication Office 365: not an indicator",
        "FutureKind future: not an indicator",
      ]
    `);
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

  test("leaves out other kinds under their friendly name, else another name, else their id", () => {
    const host = entity("Host", { friendlyName: "WS-0042", hostName: "ws" });
    const nameless = entity("Host", { hostName: "WS-0043" });
    const account = entity("Account", {}, "/subscriptions/x/Entities/42");
    expect(indicatorsFrom([host, nameless, account]).leftOut).toEqual([
      { entityKind: "Host", value: "WS-0042", reason: "not an indicator" },
      { entityKind: "Host", value: "WS-0043", reason: "not an indicator" },
      { entityKind: "Account", value: "42", reason: "not an indicator" },
    ]);
  });

  test("cuts left-out values, which are not used", () => {
    const [item] = indicatorsFrom([url(`ftp://contoso.com/${"a".repeat(5_000)}`)]).leftOut;
    expect(item?.value).toHaveLength(200);
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

  test("makes no domain of the host of a URL", () => {
    expect(indicatorsFrom([url("http://contoso.com/")]).indicators).toEqual([
      { kind: "url", value: "http://contoso.com/" },
    ]);
  });
});

describe("what must not be sent", () => {
  const allowed = ["8.8.8.8", "contoso.com", "url:files.contoso.com", sha256].flatMap((text) => {
    const reading = allowedFrom(text);
    return "entry" in reading ? [reading.entry] : [];
  });
  const reasons = (entities: readonly Entity[], screening?: Screening) =>
    indicatorsFrom(entities, screening).leftOut.map(
      (item) => `${item.entityKind} ${item.value}: ${item.reason}`,
    );

  test("is left out by ALLOWED_INDICATORS, and an allowed domain covers no URL", () => {
    const entities = [
      ip("8.8.8.8"),
      ip("8.8.4.4"),
      domain("www.contoso.com"),
      url("https://files.contoso.com/a"),
      url("https://www.contoso.com/"),
      entity("File", { fileName: "a.exe", fileHashEntityIds: ["h1", "h2"] }),
      hash(sha256, "SHA256", "h1"),
      hash(md5, "MD5", "h2"),
    ];
    const screening: Screening = { allowed, urlDetail: "safe" };
    expect(indicatorsFrom(entities, screening).indicators.map(indicatorKey)).toEqual([
      "url:https://www.contoso.com/",
      "address:8.8.4.4",
    ]);
    expect(reasons(entities, screening)).toEqual([
      `File ${sha256}: on the list of allowed indicators`,
      "Url https://files.contoso.com/a: on the list of allowed indicators",
      "DnsResolution www.contoso.com: on the list of allowed indicators",
      "Ip 8.8.8.8: on the list of allowed indicators",
    ]);
  });

  test("is a private URL, which is asked for by its fingerprint, and as it is when URL_DETAIL is full", () => {
    const entities = [
      url("https://contoso.com/reset?token=abc#ann@contoso.com"),
      url("https://contoso.com/a?b=1"),
    ];
    const full = { kind: "url", value: "https://contoso.com/a?b=1" } as const;
    const { indicators, leftOut } = indicatorsFrom(entities);
    expect(leftOut).toEqual([]);
    expect(indicators).toEqual([
      {
        kind: "url",
        value: "https://contoso.com/reset?…",
        byFingerprint: true,
        fingerprint: sha256Of("https://contoso.com/reset?token=abc"),
      },
      full,
    ]);
    expect(indicators.map(defang)).toEqual(["hxxps://contoso[.]com/reset?…", "hxxps://contoso[.]com/a?b=1"]);
    expect(indicators.map(labelOf).join()).not.toContain("abc");
    expect(indicatorsFrom(entities, { allowed: [], urlDetail: "full" }).indicators).toEqual([
      { kind: "url", value: "https://contoso.com/reset?token=abc", fragment: "#ann@contoso.com" },
      full,
    ]);
  });

  test("is a private fragment of a URL that may be sent itself", () => {
    const entities = [url("https://contoso.com/#ann@contoso.com"), url("https://contoso.org/#/login?id=1")];
    expect(indicatorsFrom(entities).indicators).toEqual([
      { kind: "url", value: "https://contoso.com/", fragmentWithheld: true },
      { kind: "url", value: "https://contoso.org/", fragment: "#/login?id=1" },
    ]);
  });

  test("is not shown either when a URL is left out for another reason", () => {
    expect(reasons([url("https://intranet.corp/?token=abc")])).toEqual([
      "Url https://intranet.corp/?…: URL with internal name",
    ]);
  });

  test("is judged by what is within a Safe Link", () => {
    const wrapped = (target: string) =>
      url(
        `https://eur01.safelinks.protection.outlook.com/?url=${encodeURIComponent(target)}&data=a%40contoso.com`,
      );
    const entities = [
      wrapped("https://evil.com/"),
      url("https://evil.com/"),
      wrapped("https://contoso.com/?token=abc"),
      wrapped("http://10.0.0.1/"),
      wrapped("nonsense://"),
    ];
    expect(indicatorsFrom(entities).indicators).toEqual([
      {
        kind: "url",
        value: "https://evil.com/",
        safeLink: "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fevil.com%2F",
      },
      {
        kind: "url",
        value: "https://contoso.com/?…",
        byFingerprint: true,
        fingerprint: sha256Of("https://contoso.com/?token=abc"),
        safeLink:
          "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fcontoso.com%2F%3F%E2%80%A6",
      },
    ]);
    expect(reasons(entities)).toEqual([
      "Url http://10.0.0.1/: URL with private address",
      "Url nonsense://: neither http nor https",
    ]);
  });
});
