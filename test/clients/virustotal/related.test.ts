import { describe, expect, it } from "vitest";
import { relatedIn } from "../../../clients/virustotal/related";
import type { Indicator } from "../../../domain/indicators/indicator";
import { reportRelating } from "../../support/virustotal-fixtures";

const file: Indicator = {
  kind: "file",
  value: "6b60666dfb69698e6f8fa44dde39edeb3d2d7f1b41e53a7a1f7a7a2f5e5c9b6f",
};
const hash = (digit: string) => `${digit.repeat(62)}0f`;

function relatedOf(sample: string, { kind, value }: Indicator, relationships: unknown) {
  return relatedIn(reportRelating(sample, relationships), { kind, value })
    .filter(({ relationship }) => relationship !== "redirects_to" || "redirects_to" in Object(relationships))
    .map((thing) => [thing.relation, thing.kind, thing.value ?? thing.id]);
}

describe("what a report relates", () => {
  it("is read of every relationship of a file, in canonical form", () => {
    const related = relatedOf("file-malicious-rich", file, {
      contacted_domains: { data: [{ type: "domain", id: "Login-Update.EXAMPLE.net." }], meta: { count: 1 } },
      contacted_ips: { data: [{ type: "ip_address", id: "2001:4860:4860:0:0:0:0:8888" }] },
      contacted_urls: {
        data: [
          {
            type: "url",
            id: hash("1"),
            context_attributes: { url: "HTTP://LOGIN-update.example.net:80/secure/#top" },
          },
          { type: "url", id: hash("2") },
        ],
      },
      dropped_files: { data: [{ type: "file", id: hash("A") }] },
      bundled_files: { data: [{ type: "file", id: hash("b") }] },
      execution_parents: { data: [{ type: "file", id: hash("c") }] },
    });
    expect(related).toEqual([
      ["contacts", "domain", "login-update.example.net"],
      ["contacts", "address", "2001:4860:4860::8888"],
      ["contacts", "url", "http://login-update.example.net/secure/"],
      ["contacts", "url", hash("2")],
      ["drops", "file", hash("a")],
      ["contains", "file", hash("b")],
      ["executedBy", "file", hash("c")],
    ]);
  });

  it.each<{
    readonly what: string;
    readonly sample: string;
    readonly of: Indicator;
    readonly id: string;
    readonly expected: readonly (readonly [string, string, string])[];
  }>([
    {
      what: "the address that a domain resolves to",
      sample: "domain-malicious",
      of: { kind: "domain", value: "tawuhoju.com" },
      id: "93.184.216.34tawuhoju.com",
      expected: [["resolvesTo", "address", "93.184.216.34"]],
    },
    {
      what: "an IPv6 address that a domain resolves to",
      sample: "domain-malicious",
      of: { kind: "domain", value: "tawuhoju.com" },
      id: "2606:4700:4700:0::1111TAWUHOJU.com",
      expected: [["resolvesTo", "address", "2606:4700:4700::1111"]],
    },
    {
      what: "nothing of a subdomain's resolution",
      sample: "domain-malicious",
      of: { kind: "domain", value: "tawuhoju.com" },
      id: "93.184.216.34www.tawuhoju.com",
      expected: [],
    },
    {
      what: "nothing of a private address",
      sample: "domain-malicious",
      of: { kind: "domain", value: "tawuhoju.com" },
      id: "10.0.0.1tawuhoju.com",
      expected: [],
    },
    {
      what: "the domain that resolves to an address",
      sample: "ip-malicious",
      of: { kind: "address", value: "138.128.150.133" },
      id: "138.128.150.133login-update.example.net",
      expected: [["resolvedFrom", "domain", "login-update.example.net"]],
    },
    {
      what: "a domain that begins with a digit",
      sample: "ip-malicious",
      of: { kind: "address", value: "138.128.150.133" },
      id: "138.128.150.1337zip.example.net",
      expected: [["resolvedFrom", "domain", "7zip.example.net"]],
    },
    {
      what: "a domain behind an IPv6 address in VirusTotal's spelling",
      sample: "ip-v6-clean",
      of: { kind: "address", value: "2001:4860:4860::8888" },
      id: "2001:4860:4860::8888dns.google",
      expected: [["resolvedFrom", "domain", "dns.google"]],
    },
    {
      what: "nothing of another address",
      sample: "ip-malicious",
      of: { kind: "address", value: "138.128.150.133" },
      id: "9.9.9.9login-update.example.net",
      expected: [],
    },
  ])("has of a resolution $what", ({ sample, of, id, expected }) => {
    expect(relatedOf(sample, of, { resolutions: { data: [{ type: "resolution", id }] } })).toEqual(expected);
  });

  it("is one object of a URL, or none", () => {
    const url: Indicator = { kind: "url", value: "http://soclosebutyetqq.com/69.exe" };
    const address = { type: "ip_address", id: "93.184.216.34" };
    const target = {
      type: "url",
      id: hash("1"),
      context_attributes: { url: "https://landing.example.org" },
    };
    expect(
      relatedOf("url-malicious", url, {
        last_serving_ip_address: { data: address },
        redirects_to: { data: target },
      }),
    ).toEqual(
      expect.arrayContaining([
        ["servedBy", "address", "93.184.216.34"],
        ["redirectsTo", "url", "https://landing.example.org/"],
      ]),
    );
    expect(relatedOf("url-malicious", url, { last_serving_ip_address: { data: null } })).toEqual([]);
  });

  it("has a URL's redirects without any relationship, as the report itself has them", () => {
    const report = reportRelating("url-malicious", undefined, {
      redirection_chain: ["http://soclosebutyetqq.com/69.exe", "https://hop.example.org/"],
      last_final_url: "https://landing.example.org/",
    });
    const values = relatedIn(report, { kind: "url", value: "http://soclosebutyetqq.com/69.exe" }).map(
      ({ relation, value }) => `${relation} ${value}`,
    );
    expect(values).toEqual([
      "redirectsTo http://soclosebutyetqq.com/69.exe",
      "redirectsTo https://hop.example.org/",
      "redirectsTo https://landing.example.org/",
    ]);
  });
});
