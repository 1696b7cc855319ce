import { describe, expect, test } from "vitest";
import { indicatorsFrom } from "../../../domain/indicators/from-entities";
import { indicatorKey } from "../../../domain/indicators/indicator";
import addresses from "../../fixtures/entities/addresses-as-connectors-write-them.json";
import algorithms from "../../fixtures/entities/hash-algorithms-as-connectors-write-them.json";
import ofNothing from "../../fixtures/entities/hashes-of-nothing.json";
import untied from "../../fixtures/entities/hashes-without-a-tie.json";
import noIds from "../../fixtures/entities/ids-that-identify-nothing.json";
import mail from "../../fixtures/entities/mail-alone.json";
import labelled from "../../fixtures/entities/url-behind-a-label.json";
import urls from "../../fixtures/entities/urls-as-connectors-write-them.json";

/** What comes of one property of one entity: keys of indicators, and what is left out. */
function readingsOf(kind: string, property: string, value: unknown): readonly string[] {
  const { indicators, leftOut } = indicatorsFrom([{ id: "1", kind, properties: { [property]: value } }]);
  return [
    ...indicators.map(indicatorKey),
    ...leftOut.map(({ reason, unreadable }) => `${unreadable ? "unreadable" : "left out"}: ${reason}`),
  ];
}

interface Fixture {
  readonly what: string;
  readonly entities: Parameters<typeof indicatorsFrom>[0];
  readonly indicators: readonly string[];
  readonly leftOut: readonly string[];
}

const fixtures: readonly Fixture[] = [
  {
    what: "ids that identify nothing tie nothing: no hash has a name that is not its own",
    entities: noIds.entities as Fixture["entities"],
    indicators: [
      "file:275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f",
      "file:3395856ce81f2b7382dee72602f798b642f14140",
      "file:d4ab90c4000000000000000000000000000000000000000000000000f8bdb700",
    ],
    leftOut: [
      "File eicar.com: file without a hash",
      "File contoso-agent: file without a hash",
      "Host vm-linux-1: not an indicator",
    ],
  },
  {
    what: "a URL behind a label",
    entities: labelled.entities,
    indicators: ["url:http://login-update.example.net/secure/"],
    leftOut: [],
  },
  {
    what: "the URL and the sender of a mail that nothing else repeats",
    entities: mail.entities as Fixture["entities"],
    indicators: ["url:http://login-update.example.net/secure/", "address:138.128.150.133"],
    leftOut: ["MailCluster Mail cluster: not an indicator", "Mailbox user@contoso.com: not an indicator"],
  },
  {
    what: "addresses with ports, within IPv6, missing and as a range",
    entities: addresses.entities as Fixture["entities"],
    indicators: ["address:8.8.8.8", "address:138.128.150.133", "address:2001:4860:4860::8888"],
    leftOut: ["Ip : no value (unreadable)", "Ip 138.128.150.0/24: range of addresses (unreadable)"],
  },
  {
    what: "hashes that nothing ties",
    entities: untied.entities as Fixture["entities"],
    indicators: [
      "file:275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f",
      "file:3395856ce81f2b7382dee72602f798b642f14140",
      "file:44d88612fea8a8f36de82e1278abb02f",
    ],
    leftOut: ["File invoice-4711.pdf.exe: file without a hash"],
  },
  {
    what: "hashes with odd algorithms",
    entities: algorithms.entities as Fixture["entities"],
    indicators: [
      "file:44d88612fea8a8f36de82e1278abb02f",
      "file:3395856ce81f2b7382dee72602f798b642f14140",
      "file:275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f",
      "file:d4ab90c44194293c4b4317d34712ae33260057888bd9ea0260f414f5b8f1bdb7",
    ],
    leftOut: [
      `FileHash ${"1".repeat(64)}: Authenticode hash, not a file hash`,
      "FileHash : not a valid hash (unreadable)",
    ],
  },
  {
    what: "hashes of nothing",
    entities: ofNothing.entities,
    indicators: [],
    leftOut: [
      "FileHash E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855: hash of an empty file",
      "FileHash D41D8CD98F00B204E9800998ECF8427E: hash of an empty file",
      `FileHash ${"0".repeat(40)}: placeholder hash (one repeated digit)`,
    ],
  },
  {
    what: "UNC path, two URLs in one, bare hosts and addresses, placeholders",
    entities: urls.entities as Fixture["entities"],
    indicators: [
      "url:http://login-update.example.net/secure/",
      "url:http://login-update.example.net:8080/login",
      "url:http://login-update.example.net/a%20b?x=%C3%BC&y=%zz",
      "address:138.128.150.133",
    ],
    leftOut: [
      "Url \\\\138.128.150.133\\share\\invoice.exe: UNC path",
      "Url file://138.128.150.133/share/invoice.exe: neither http nor https",
      "Url N/A: no value (unreadable)",
      "Url mailto:user@contoso.com: neither http nor https",
      "Url : no value (unreadable)",
      "DnsResolution _ldap._tcp.dc._msdcs.contoso.local: internal name",
    ],
  },
];

describe("an incident with", () => {
  test.each(fixtures)("$what", ({ entities, indicators, leftOut }) => {
    const given = indicatorsFrom(entities);
    expect(given.indicators.map(indicatorKey)).toEqual(indicators);
    const texts = given.leftOut.map(
      ({ entityKind, value, reason, unreadable }) =>
        `${entityKind} ${value}: ${reason}${unreadable ? " (unreadable)" : ""}`,
    );
    expect(texts).toEqual(leftOut);
    expect(given.indicators.flatMap(({ names }) => names ?? [])).toEqual([]);
  });
});

describe("a URL entity", () => {
  const a = "url:http://a.com/";
  const b = "url:http://b.com/x";

  test.each<{ written: unknown; is: readonly string[] }>([
    ...[
      "uri=",
      "url=",
      "URL:",
      "Uri = ",
      "url is ",
      "link: ",
      "Malicious URL detected: ",
      "GET ",
      "view-source:",
    ].map((label) => ({ written: `${label}http://b.com/x`, is: [b] })),
    ...['""', "''", "``", "<>", "()", "[]", "{}", "<<>>", '("")'].map((pair) => ({
      written: `${pair.slice(0, pair.length / 2)}http://b.com/x${pair.slice(pair.length / 2)}`,
      is: [b],
    })),
    ...[".", ",", ";", ":", '"', ")", "]", ">", '").', "\u200b", "\ufeff ", "\r\n"].map((end) => ({
      written: `http://b.com/x${end}`,
      is: [b],
    })),
    ...[",", ";", " ", "\n", "\r\n", "\t", "|", ", ", " ; ", " | ", '","'].map((separator) => ({
      written: `http://a.com/${separator}http://b.com/x`,
      is: [a, b],
    })),
    { written: "http://a.com/, www.b.com/x", is: [a, "url:http://www.b.com/x"] },
    { written: "hxxp://a[.]com/,hxxp://b[.]com/x", is: [a, b] },
    { written: ["http://a.com/", "http://b.com/x"], is: [a, b] },
    { written: '["http://a.com/","http://b.com/x"]', is: [a, b] },
    { written: "['http://a.com/', 'http://b.com/x']", is: [a, b] },
    { written: '{"url":"http://b.com/x"}', is: [b] },
    { written: '"http:\\/\\/b.com\\/x"', is: [b] },
    { written: '<a href="http://b.com/x">click</a>', is: [b] },
    { written: "[click](http://b.com/x)", is: [b] },
    { written: "http%3A%2F%2Fb.com%2Fx", is: [b] },
    { written: "http%253A%252F%252Fb.com%252Fx", is: [b] },
    { written: "http&#58;//b.com&#x2f;x", is: [b] },
    { written: "http://b.com/x?a=1&amp;b=2", is: [`${b}?a=1&b=2`] },
    { written: "http://b.com/\r\nx", is: [b] },
    { written: "HTTP://B.com/x", is: [b] },
    { written: "hXXp[:]//b(.)com/x", is: [b] },
    { written: "http:\\\\b.com\\x", is: [b] },
    { written: "http://b.com/x_(y)", is: [`${b}_(y)`] },
    { written: "http://a.com/?u=http://b.com/x", is: [`${a}?u=http://b.com/x`] },
    { written: "http://a.com/?u=http://b.com/x,y", is: [`${a}?u=http://b.com/x,y`] },
    { written: "b.com", is: ["domain:b.com"] },
    { written: "b[.]com:8080", is: ["domain:b.com"] },
    { written: "b.com/", is: ["url:http://b.com/"] },
    { written: "http://b.com", is: ["url:http://b.com/"] },
    { written: "a.com, b.com", is: ["domain:a.com", "domain:b.com"] },
    { written: "8.8.8.8", is: ["address:8.8.8.8"] },
    { written: "8.8.8.8:443", is: ["address:8.8.8.8"] },
    { written: "[2001:4860:4860::8888]:443", is: ["address:2001:4860:4860::8888"] },
    { written: "2001:4860:4860::8888", is: ["address:2001:4860:4860::8888"] },
    { written: "10.0.0.1", is: ["left out: private address"] },
    { written: "srv01", is: ["left out: single-label name"] },
    { written: "ann@contoso.com", is: ["left out: email address"] },
    { written: "mailto:ann@contoso.com", is: ["left out: neither http nor https"] },
    { written: "javascript:alert(1)", is: ["left out: neither http nor https"] },
    { written: "\\\\srv\\share\\a.exe", is: ["left out: UNC path"] },
    { written: "\\\\b.com@SSL\\DavWWWRoot\\a.exe", is: ["left out: UNC path"] },
    { written: "C:\\a.exe", is: ["left out: file path"] },
    { written: "\\b.com\\a.exe", is: ["left out: file path"] },
    ...["", " ", "-", "N/A", "n.a.", "none", "null", "Unknown", "[REDACTED]", null, 7.5, {}].map(
      (written) => ({
        written,
        is: ["unreadable: no value"],
      }),
    ),
    { written: "134744072", is: ["unreadable: not a valid domain name"] },
    { written: "http://a b c", is: ["unreadable: not a valid URL"] },
  ])("of $written is $is", ({ written, is }) => {
    expect(readingsOf("Url", "url", written)).toEqual(is);
  });

  test("keeps one indicator for equal URLs, with the first fragment", () => {
    const entities = ["https://a.com/", "https://a.com/#one", "https://a.com/#two"].map((url, i) => ({
      id: `${i}`,
      kind: "Url",
      properties: { url },
    }));
    expect(indicatorsFrom(entities).indicators).toEqual([
      { kind: "url", value: "https://a.com/", fragment: "#one" },
    ]);
  });
});

describe("other entities", () => {
  test.each<{ kind: string; property: string; written: unknown; is: readonly string[] }>([
    { kind: "Ip", property: "Address", written: "8.8.8.8", is: ["address:8.8.8.8"] },
    {
      kind: "Ip",
      property: "address",
      written: "8.8.8.8, 8.8.4.4",
      is: ["address:8.8.8.8", "address:8.8.4.4"],
    },
    { kind: "Ip", property: "address", written: '["8.8.8.8"]', is: ["address:8.8.8.8"] },
    { kind: "Ip", property: "address", written: "IP: 8.8.8.8", is: ["address:8.8.8.8"] },
    { kind: "Ip", property: "address", written: "tcp://8.8.8.8:53/", is: ["address:8.8.8.8"] },
    { kind: "Ip", property: "address", written: "\u200e8.8.8.8\u202c", is: ["address:8.8.8.8"] },
    { kind: "Ip", property: "friendlyName", written: "8.8.8.8", is: ["address:8.8.8.8"] },
    { kind: "Ip", property: "friendlyName", written: "an address", is: ["unreadable: no value"] },
    {
      kind: "Ip",
      property: "address",
      written: "srv01.contoso.com",
      is: ["unreadable: not a valid IP address"],
    },
    { kind: "DnsResolution", property: "domainName", written: "*.B.com.", is: ["domain:b.com"] },
    { kind: "DnsResolution", property: "domainName", written: "b.com:53", is: ["domain:b.com"] },
    { kind: "DnsResolution", property: "domainName", written: "b.com/", is: ["domain:b.com"] },
    { kind: "DnsResolution", property: "domainName", written: "8.8.8.8", is: ["address:8.8.8.8"] },
    {
      kind: "DnsResolution",
      property: "domainName",
      written: "https://b.com/x",
      is: ["url:https://b.com/x"],
    },
    { kind: "MailMessage", property: "urls", written: ["http://b.com/x", ""], is: ["url:http://b.com/x"] },
    { kind: "MailMessage", property: "Urls", written: "http://b.com/x", is: ["url:http://b.com/x"] },
    { kind: "MailMessage", property: "senderIp", written: "8.8.8.8", is: ["address:8.8.8.8"] },
    { kind: "MailMessage", property: "senderIP", written: "10.0.0.1", is: ["left out: private address"] },
    {
      kind: "MailMessage",
      property: "senderIP",
      written: "nonsense",
      is: ["unreadable: not a valid IP address"],
    },
    {
      kind: "MailMessage",
      property: "senderIP",
      written: null,
      is: ["left out: not an indicator"],
    },
    { kind: "SubmissionMail", property: "senderIp", written: "8.8.8.8", is: ["address:8.8.8.8"] },
  ])("$kind with $property of $written is $is", ({ kind, property, written, is }) => {
    expect(readingsOf(kind, property, written)).toEqual(is);
  });
});
