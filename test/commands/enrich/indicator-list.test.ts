import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { entityFrom, indicatorListFrom } from "../../../commands/enrich/indicator-list";
import { indicatorsFrom } from "../../../domain/indicators/from-entities";

const sha256 = "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f";
const md5 = "44d88612fea8a8f36de82e1278abb02f";

const hash = (hashValue: string, algorithm: string) => ({
  kind: "FileHash",
  properties: { hashValue, algorithm },
});
const ip = (address: string) => ({ kind: "Ip", properties: { address } });
const domain = (domainName: string) => ({ kind: "DnsResolution", properties: { domainName } });
const url = (address: string) => ({ kind: "Url", properties: { url: address } });

describe("An indicator", () => {
  it.each([
    { text: sha256.toUpperCase(), entity: hash(sha256, "SHA256") },
    { text: md5, entity: hash(md5, "MD5") },
    { text: "8[.]8[.]8[.]8", entity: ip("8.8.8.8") },
    { text: "10.0.0.1", entity: ip("10.0.0.1") },
    { text: "2001:4860:4860::8888", entity: ip("2001:4860:4860::8888") },
    { text: "8.8.8.8:53", entity: ip("8.8.8.8") },
    { text: "evil[.]example[.]net", entity: domain("evil.example.net") },
    { text: "evil[.]example", entity: domain("evil.example") },
    { text: "server.corp", entity: domain("server.corp") },
    { text: "hxxps://evil[.]example[.]net", entity: url("hxxps://evil[.]example[.]net") },
    { text: "hxxp[://]evil[.]example[.]net/a", entity: url("hxxp[://]evil[.]example[.]net/a") },
    { text: "http://server/x", entity: url("http://server/x") },
    { text: "ftp://example.net/x", entity: url("ftp://example.net/x") },
    { text: "evil.example.net/a?b=c", entity: url("evil.example.net/a?b=c") },
    { text: " - 8.8.8.8", entity: ip("8.8.8.8") },
    { text: '"evil.example.net",', entity: domain("evil.example.net") },
    { text: "<http://example.net/>", entity: url("http://example.net/") },
  ])("is read from $text", ({ text, entity }) => {
    expect(entityFrom(text)).toEqual(entity);
  });

  it.each([
    "hello",
    "nothing of use",
    "report.json",
    "invoice.pdf.exe",
    "n/a",
    "TCP/IP",
    "2026/11/26",
    "2026-11-26T10:00:00Z",
    "10:30",
    "1.2.3",
    "10.0.0.0/8",
    "sam.lee@contoso.com",
    "hello:world",
    "C:\\Users\\sam\\a.exe",
    "",
  ])("is not read from %j", (text) => {
    expect(entityFrom(text)).toBeUndefined();
  });
});

describe("A list of indicators", () => {
  const valuesOf = (text: string) =>
    indicatorListFrom(text).entities.map(({ properties }) => Object.values(properties as object)[0]);

  it.each([
    { what: "one on a line, with comments", text: "# seen\n\n  8.8.8.8  \r\n1.1.1.1 # resolver\n" },
    { what: "several on a line", text: "8.8.8.8 1.1.1.1" },
    { what: "several with commas", text: "8.8.8.8,1.1.1.1" },
    { what: "a JSON array", text: '["8.8.8.8", "1.1.1.1"]' },
    { what: "a column with a header", text: "ip\n8.8.8.8\n1.1.1.1\n" },
    { what: "CSV with a header", text: "when,ip,note\n2026-11-26,8.8.8.8,a\n2026-11-26,1.1.1.1,b\n" },
    { what: "CSV without a header", text: "2026-11-26,8.8.8.8\n2026-11-27,1.1.1.1\n" },
    { what: "CSV of Excel, with a byte order mark", text: "\uFEFFwhen;ip\r\n1;8.8.8.8\r\n2;1.1.1.1\r\n" },
    { what: "tabs", text: "a\tip\nb\t8.8.8.8\nc\t1.1.1.1" },
    {
      what: "CSV whose column has a name",
      text: "reference,ioc_value\nhttps://example.net/1,8.8.8.8\nhttps://example.net/2,1.1.1.1\n",
    },
    {
      what: "CSV with quoted cells over several lines",
      text: 'note,ip\n"first,\nsecond",8.8.8.8\n"x",1.1.1.1\n',
    },
    {
      what: "CSV with the column in which most cells are indicators",
      text: "src,dst\n10.0.0.1,8.8.8.8\nn/a,1.1.1.1\n",
    },
    { what: "CSV with one indicator in each row", text: "ip,domain\n8.8.8.8,\n,1.1.1.1\n" },
  ])("is read: $what", ({ text }) => {
    expect(valuesOf(text)).toEqual(["8.8.8.8", "1.1.1.1"]);
  });

  it("keeps a URL whole that holds the marks of CSV", () => {
    expect(valuesOf("http://example.net/a,b;c\nhttp://example.net/d,e\n")).toEqual([
      "http://example.net/a,b;c",
      "http://example.net/d,e",
    ]);
  });

  it("names the lines that hold none, and goes on", () => {
    const text = "8.8.8.8\n\nnothing of use\nreport.json\n1.1.1.1";
    expect(valuesOf(text)).toEqual(["8.8.8.8", "1.1.1.1"]);
    expect(indicatorListFrom(text).skipped).toEqual([
      { line: 3, text: "nothing of use" },
      { line: 4, text: "report.json" },
    ]);
  });

  it("names the rows of CSV that hold none by their lines", () => {
    expect(indicatorListFrom("ip,note\n8.8.8.8,a\nunknown,b\n").skipped).toEqual([
      { line: 3, text: "unknown, b" },
    ]);
  });
});

it("the sample list holds something to look up", () => {
  const { entities } = indicatorListFrom(readFileSync("commands/enrich/samples/indicators.txt", "utf8"));
  const all = entities.map((entity, i) => ({ id: String(i), properties: {}, ...entity }) as never);
  expect(indicatorsFrom(all).indicators.length).toBeGreaterThanOrEqual(3);
});
