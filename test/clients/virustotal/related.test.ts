import { describe, expect, it } from "vitest";
import { outcomeFrom } from "../../../clients/virustotal/answer";
import { relatedIn } from "../../../clients/virustotal/related";
import { reportSchema } from "../../../clients/virustotal/wire";
import type { Indicator } from "../../../domain/indicators/indicator";
import { urlFingerprint } from "../../../domain/indicators/url-fingerprint";
import type { Answer } from "../../../domain/lookups/provider";
import { keysIn, keysOfIndicator, type Relation } from "../../../domain/lookups/relation";
import { bodyOf, thresholdsOf } from "../../support/virustotal-fixtures";

const file: Indicator = {
  kind: "file",
  value: "6b60666dfb69698e6f8fa44dde39edeb3d2d7f1b41e53a7a1f7a7a2f5e5c9b6f",
};
const hash = (digit: string) => `${digit.repeat(62)}0f`;

/** A recorded report with relationships, as the client reads it. */
function reportWith(sample: string, relationships: unknown, attributes: object = {}) {
  const { data } = bodyOf(sample);
  const merged = { ...(data.attributes as object), ...attributes };
  return reportSchema.parse({ data: { ...data, attributes: merged, relationships } }).data;
}

function relatedOf(sample: string, { kind, value }: Indicator, relationships: unknown) {
  return relatedIn(reportWith(sample, relationships), { kind, value })
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
    const report = reportWith("url-malicious", undefined, {
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

const hostileTexts = {
  markup: "<script>alert(1)</script>.example.net",
  "a long text": "a".repeat(100_000),
  "many dots": "a.".repeat(50_000),
  "a control character": "evil\u0000.example.net",
  "a prototype": "__proto__",
  nothing: "",
};

const hostileBlocks: Readonly<Record<string, unknown>> = {
  "no object": "contacted_domains",
  "a list": [{ type: "domain", id: "a.example.net" }],
  null: null,
  "an unknown relationship": { constructor: { data: [{ type: "domain", id: "a.example.net" }] } },
  "data that is a number": { contacted_domains: { data: 7 } },
  "data that is a text": { contacted_domains: { data: "a.example.net" } },
  "descriptors without an id": { contacted_domains: { data: [{ type: "domain" }, null, 3, [], "x"] } },
  "another type than the relationship has": {
    contacted_domains: { data: [{ type: "file", id: hash("a") }] },
    dropped_files: { data: [{ type: "domain", id: "a.example.net" }] },
  },
  "a context that is none": {
    contacted_urls: { data: [{ type: "url", id: "x", context_attributes: "http://a.example.net" }] },
  },
  "an id of another algorithm": { dropped_files: { data: [{ type: "file", id: "a".repeat(56) }] } },
  ...Object.fromEntries(
    Object.entries(hostileTexts).map(([name, text]) => [
      `${name} everywhere`,
      Object.fromEntries(
        [
          ["contacted_domains", "domain"],
          ["contacted_ips", "ip_address"],
          ["contacted_urls", "url"],
          ["dropped_files", "file"],
        ].map(([relationship, type]) => [
          relationship,
          { data: [{ type, id: text, context_attributes: { url: text } }], meta: { count: text } },
        ]),
      ),
    ]),
  ),
};

describe("a hostile body", () => {
  it.each(Object.entries(hostileBlocks))("with %s relates nothing, and leaves the verdict", (_, block) => {
    const report = reportWith("file-malicious-rich", block);
    const outcome = outcomeFrom(report, { kind: "file", value: report.id }, thresholdsOf(5, 2).file, 0);
    const plain = outcomeFrom(
      reportWith("file-malicious-rich", undefined),
      { kind: "file", value: report.id },
      thresholdsOf(5, 2).file,
      0,
    );
    expect(outcome).toEqual(plain);
  });

  it("with a million descriptors is read for twenty of each", () => {
    const data = Array.from({ length: 1_000_000 }, (_, i) => ({ type: "domain", id: `a${i}.example.net` }));
    const answer = answerOf("file-malicious-rich", {
      contacted_domains: { data, meta: { count: 1_000_000 } },
    });
    expect(keysIn(answer.related?.contacts ?? "")).toHaveLength(20);
  });
});

function answerOf(sample: string, relationships: unknown, attributes: object = {}): Answer {
  const report = reportWith(sample, relationships, attributes);
  const outcome = outcomeFrom(report, { kind: "file", value: report.id }, thresholdsOf(5, 2).file, 0);
  if (outcome.kind !== "answered") throw new Error(outcome.kind);
  return outcome.answer;
}

/** As many as come, of every relationship of a file. */
const everything = Object.fromEntries(
  ["contacted_domains", "contacted_ips", "contacted_urls", "dropped_files", "bundled_files"].map((name) => [
    name,
    {
      data: Array.from({ length: 20 }, (_, i) => {
        const types: Readonly<Record<string, object>> = {
          contacted_domains: { type: "domain", id: `host-${i}.${"long-label.".repeat(15)}example.net` },
          contacted_ips: { type: "ip_address", id: `93.184.216.${i}` },
          contacted_urls: {
            type: "url",
            id: hash("1"),
            context_attributes: { url: `https://example.net/${i}?email=jane@contoso.com&${"a".repeat(500)}` },
          },
        };
        return types[name] ?? { type: "file", id: (name + i).replaceAll(/[^a-f\d]/g, "0").padEnd(64, "a") };
      }),
      meta: { count: 57 },
    },
  ]),
);

describe("an answer", () => {
  it("keeps keys of everything, in at most 1 KB", () => {
    const { related = {} } = answerOf("file-malicious-rich", everything);
    expect(keysIn(related.contacts ?? "")).toHaveLength(60);
    expect(Buffer.byteLength(JSON.stringify(related))).toBeLessThanOrEqual(1024);
  });

  it("finds the incident's own by them, a URL in any spelling", () => {
    const { related } = answerOf("file-malicious-rich", {
      contacted_urls: {
        data: [
          {
            type: "url",
            id: hash("1"),
            context_attributes: { url: "http://login-update.example.net/s%65cure/" },
          },
        ],
      },
    });
    const own: Indicator = { kind: "url", value: "http://login-update.example.net/secure/" };
    const byFingerprint: Indicator = {
      kind: "url",
      value: "http://login-update.example.net/…",
      byFingerprint: true,
      fingerprint: urlFingerprint(own.value),
    };
    for (const each of [own, byFingerprint])
      expect(keysIn(related?.contacts ?? "")).toEqual(keysOfIndicator(each));
  });

  it("names a few of a bad file's only, in 60 characters each, and nothing private", () => {
    const { card } = answerOf("file-malicious-no-name", everything);
    const bad = card?.sections.find(({ title }) => title === "Relations");
    const names = bad?.rows.flatMap(([, value]) => value.replace(/ and \d+ more$/, "").split(", ")) ?? [];
    expect(names).toHaveLength(15);
    expect(Math.max(...names.map(({ length }) => length))).toBeLessThanOrEqual(60);
    expect(JSON.stringify(card)).not.toContain("jane");
    expect(card?.brief?.at(-1)).toMatch(
      /^Contacts 57 domains, among them host-0\[\.\].*; 57 IP addresses, among them 93\[\.\]184\[\.\]216\[\.\]0, 93/,
    );
    const clean = answerOf("file-clean-signed-trusted", everything);
    expect(clean.verdict).toBe("clean");
    expect(JSON.stringify(clean.card)).not.toContain("host-0");
    expect(keysIn(clean.related?.contacts ?? "")).toHaveLength(60);
  });

  it.each<{ readonly domains: readonly string[]; readonly count?: number; readonly line: string }>([
    { domains: ["a.example.net"], line: "Contacts domain a[.]example[.]net." },
    {
      domains: ["a.example.net", "b.example.net"],
      line: "Contacts domains a[.]example[.]net, b[.]example[.]net.",
    },
    {
      domains: ["a.example.net", "b.example.net", "c.example.net"],
      count: 12,
      line: "Contacts 12 domains, among them a[.]example[.]net, b[.]example[.]net, c[.]example[.]net.",
    },
  ])("says: $line", ({ domains, count, line }) => {
    const data = domains.map((id) => ({ type: "domain", id }));
    const { card } = answerOf("file-malicious-rich", {
      contacted_domains: { data, ...(count ? { meta: { count } } : {}) },
    });
    expect(card?.brief?.at(-1)).toBe(line);
  });
});

/** Relations of each kind of thing are found from the side of either. */
it("keys of one relation are not taken for those of another", () => {
  const relations: readonly Relation[] = ["contacts", "drops"];
  const { related } = answerOf("file-malicious-rich", {
    contacted_domains: { data: [{ type: "domain", id: "a.example.net" }] },
    dropped_files: { data: [{ type: "file", id: hash("a") }] },
  });
  expect(relations.map((relation) => keysIn(related?.[relation] ?? "").length)).toEqual([1, 1]);
});
