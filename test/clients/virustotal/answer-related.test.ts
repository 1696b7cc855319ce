import { describe, expect, it } from "vitest";
import { outcomeFrom } from "../../../clients/virustotal/answer";
import type { Indicator } from "../../../domain/indicators/indicator";
import { urlFingerprint } from "../../../domain/indicators/url";
import type { Answer } from "../../../domain/lookups/provider";
import { keysIn, keysOfIndicator, type Relation } from "../../../domain/lookups/relation";
import { reportRelating, thresholdsOf } from "../../support/virustotal-fixtures";

const hash = (digit: string) => `${digit.repeat(62)}0f`;

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
    const report = reportRelating("file-malicious-rich", block);
    const outcome = outcomeFrom(report, { kind: "file", value: report.id }, thresholdsOf(5, 2).file, 0);
    const plain = outcomeFrom(
      reportRelating("file-malicious-rich", undefined),
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
  const report = reportRelating(sample, relationships, attributes);
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
