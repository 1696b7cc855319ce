import { describe, expect, it } from "vitest";
import { linksView, withFewerLinks } from "../../../domain/comment/links";
import type { Indicator } from "../../../domain/indicators/indicator";
import { urlFingerprint } from "../../../domain/indicators/url";
import type { RelatedKeys, Relation } from "../../../domain/lookups/relation";
import type { RunReport } from "../../../domain/report/report";
import { summarize } from "../../../domain/report/summary";
import { type Verdict, verdicts } from "../../../domain/verdict";
import { relatedTo } from "../../support/related";
import { answered, indicator, pending, type Row, report, sha256, updateOf } from "../../support/reports";

const invoice = indicator("file", sha256("a"), ["invoice.exe"]);
const payload = indicator("file", sha256("b"), ["payload.dll"]);
const evil = indicator("domain", "login-update.example.net");
const page = indicator("url", "http://login-update.example.net/secure/");
const landing = indicator("url", "https://landing.example.org/");
const host = indicator("address", "93.184.216.34");

const answer = (verdict: Verdict, related?: RelatedKeys) => answered(verdict, related ? { related } : {});
const linesOf = (given: RunReport) => linksView(given).lines.map(({ text }) => text);

describe("a relation is a sentence", () => {
  it.each<{
    readonly of: Indicator;
    readonly relation: Relation;
    readonly other: Indicator;
    readonly text: string;
  }>([
    {
      of: invoice,
      relation: "contacts",
      other: evil,
      text: "File invoice.exe contacts domain login-update[.]example[.]net.",
    },
    {
      of: evil,
      relation: "contactedBy",
      other: invoice,
      text: "File invoice.exe contacts domain login-update[.]example[.]net.",
    },
    {
      of: invoice,
      relation: "contacts",
      other: page,
      text: "File invoice.exe contacts URL hxxp://login-update[.]example[.]net/secure/.",
    },
    {
      of: host,
      relation: "contactedBy",
      other: invoice,
      text: "File invoice.exe contacts IP address 93[.]184[.]216[.]34.",
    },
    { of: invoice, relation: "drops", other: payload, text: "File invoice.exe drops file payload.dll." },
    {
      of: invoice,
      relation: "contains",
      other: payload,
      text: "File invoice.exe contains file payload.dll.",
    },
    {
      of: payload,
      relation: "executedBy",
      other: invoice,
      text: "File invoice.exe executes file payload.dll.",
    },
    {
      of: evil,
      relation: "resolvesTo",
      other: host,
      text: "Domain login-update[.]example[.]net resolves to IP address 93[.]184[.]216[.]34.",
    },
    {
      of: host,
      relation: "resolvedFrom",
      other: evil,
      text: "Domain login-update[.]example[.]net resolves to IP address 93[.]184[.]216[.]34.",
    },
    {
      of: page,
      relation: "servedBy",
      other: host,
      text: "URL hxxp://login-update[.]example[.]net/secure/ is served by IP address 93[.]184[.]216[.]34.",
    },
    {
      of: page,
      relation: "redirectsTo",
      other: landing,
      text: "URL hxxp://login-update[.]example[.]net/secure/ redirects to URL hxxps://landing[.]example[.]org/.",
    },
  ])("$text (report of the $of.kind: $relation)", ({ of, relation, other, text }) => {
    const given = report([
      [of, answer("unknown", relatedTo(relation, other))],
      [other, answer("unknown")],
    ]);
    expect(linksView(given)).toEqual({ lines: [{ text, count: 1 }], more: 0 });
  });
});

describe("the links of an incident", () => {
  it("are said once, whichever answers know them", () => {
    const given = report([
      [invoice, answer("malicious", relatedTo("contacts", evil, host))],
      [evil, answer("malicious", { ...relatedTo("contactedBy", invoice), ...relatedTo("resolvesTo", host) })],
      [host, answer("clean", { ...relatedTo("contactedBy", invoice), ...relatedTo("resolvedFrom", evil) })],
    ]);
    expect(linesOf(given)).toEqual([
      "File invoice.exe contacts domain login-update[.]example[.]net, IP address 93[.]184[.]216[.]34.",
      "Domain login-update[.]example[.]net resolves to IP address 93[.]184[.]216[.]34.",
    ]);
  });

  it("say of two things what matters more", () => {
    const given = report([
      [invoice, answer("malicious", { ...relatedTo("drops", payload), ...relatedTo("contains", payload) })],
      [payload, answer("unknown", relatedTo("executedBy", invoice))],
    ]);
    expect(linesOf(given)).toEqual(["File invoice.exe drops file payload.dll."]);
  });

  it("find a file by any of its hashes, also by one that only an answer names", () => {
    const byMd5: Indicator = { kind: "file", value: "0".repeat(32), names: ["invoice.exe"] };
    const known = { md5: "0".repeat(32), sha256: sha256("a") };
    const given = report([
      [byMd5, answered("unknown", { hashes: known })],
      [evil, answer("malicious", relatedTo("contactedBy", invoice))],
    ]);
    expect(linesOf(given)).toEqual(["File invoice.exe contacts domain login-update[.]example[.]net."]);
  });

  it("name a private URL as the comment does, and find it by its fingerprint", () => {
    const secret = "https://login.example.org/reset?email=jane@contoso.com";
    const shown: Indicator = {
      kind: "url",
      value: "https://login.example.org/reset?…",
      byFingerprint: true,
      fingerprint: urlFingerprint(secret),
    };
    const given = report([
      [invoice, answer("malicious", relatedTo("contacts", indicator("url", secret)))],
      [shown, answer("unknown")],
    ]);
    expect(linesOf(given)).toEqual(["File invoice.exe contacts URL hxxps://login[.]example[.]org/reset?…"]);
  });

  it("distinguish files of one name", () => {
    const twin = indicator("file", sha256("c"), ["invoice.exe"]);
    const given = report([
      [invoice, answer("malicious", relatedTo("drops", twin))],
      [twin, answer("malicious")],
    ]);
    expect(linesOf(given)).toEqual([
      "File invoice.exe (aaaaaaaaaaaa…) drops file invoice.exe (cccccccccccc…).",
    ]);
  });

  it("leave out what is not in the incident, and a thing's relation to itself", () => {
    const given = report([
      [page, answer("malicious", relatedTo("redirectsTo", page, landing))],
      [evil, answer("clean")],
    ]);
    expect(linksView(given)).toEqual({ lines: [], more: 0 });
  });

  it("fold things that are linked with the same things in the same way", () => {
    const files = ["invoice.exe", "setup.exe", "a.dll", "b.dll"].map((name, i) =>
      indicator("file", sha256(String(i)), [name]),
    );
    const given = report([
      ...files.map(
        (file, i): Row => [
          file,
          answer("malicious", relatedTo("contacts", ...(i % 2 ? [evil, host] : [host, evil]))),
        ],
      ),
      [payload, answer("malicious", relatedTo("contacts", evil))],
      [evil, answer("malicious", relatedTo("resolvesTo", host))],
      [host, answer("malicious")],
    ]);
    expect(linksView(given)).toEqual({
      lines: [
        {
          text: "4 files (invoice.exe (000000000000…), setup.exe (111111111111…), a.dll (222222222222…) and 1 more) contact domain login-update[.]example[.]net, IP address 93[.]184[.]216[.]34.",
          count: 8,
        },
        { text: "File payload.dll contacts domain login-update[.]example[.]net.", count: 1 },
        {
          text: "Domain login-update[.]example[.]net resolves to IP address 93[.]184[.]216[.]34.",
          count: 1,
        },
      ],
      more: 0,
    });
  });

  it("begin with those between the worst, and count what is beyond five lines and three names", () => {
    const files = Array.from({ length: 7 }, (_, i) => indicator("file", sha256(String(i)), [`${i}.exe`]));
    const hosts = Array.from({ length: 12 }, (_, i) => indicator("address", `93.184.216.${i}`));
    const given = report([
      ...files.map(
        (file, i): Row => [
          file,
          answer(
            i === 6 ? "malicious" : "clean",
            relatedTo("contacts", ...hosts.slice(i, i === 6 ? 11 : i + 1)),
          ),
        ],
      ),
      ...hosts.map((each): Row => [each, answer("suspicious")]),
    ]);
    const { lines, more } = linksView(given);
    expect(lines).toHaveLength(5);
    expect(lines[0]).toEqual({
      text: "File 6.exe contacts IP address 93[.]184[.]216[.]6, IP address 93[.]184[.]216[.]7, IP address 93[.]184[.]216[.]8 and 2 more.",
      count: 5,
    });
    expect(more).toBe(2);
    expect(withFewerLinks({ lines, more }, 5)).toEqual({ lines: [], more: 11 });
  });

  it.each(verdicts)("change no verdict: with a link to something malicious, %s stays so", (verdict) => {
    const rows = (related?: RelatedKeys): readonly Row[] => [
      [invoice, answer(verdict, related)],
      [evil, answer("malicious")],
    ];
    const found = summarize(report(rows(relatedTo("contacts", evil))));
    const { findings: _, ...expected } = summarize(report(rows()));
    expect(found).toMatchObject(expected);
    expect(found.findings.map((each) => each.verdict)).toContain(verdict);
  });
});

describe("the links of an update", () => {
  const now: readonly Row[] = [
    [invoice, answer("malicious", relatedTo("contacts", evil, host))],
    [evil, answer("malicious", relatedTo("contactedBy", invoice))],
    [host, answer("clean")],
  ];

  it("are those of an answer that was pending", () => {
    const update = updateOf(report(now), [
      [invoice, pending],
      [evil, answer("malicious")],
      [host, pending],
    ]);
    expect(linesOf(update)).toEqual([
      "File invoice.exe contacts domain login-update[.]example[.]net, IP address 93[.]184[.]216[.]34.",
    ]);
  });

  it("are not those that the first comment named, whichever answer they were known from", () => {
    const update = updateOf(report(now), [
      [invoice, pending],
      [evil, answer("malicious", relatedTo("contactedBy", invoice))],
      [host, pending],
    ]);
    expect(linesOf(update)).toEqual(["File invoice.exe contacts IP address 93[.]184[.]216[.]34."]);
  });

  it("are those of an indicator that came since", () => {
    const update = updateOf(report(now), [
      [invoice, answer("malicious", relatedTo("contacts", evil, host))],
      [evil, answer("malicious")],
    ]);
    expect(linesOf(update)).toEqual(["File invoice.exe contacts IP address 93[.]184[.]216[.]34."]);
  });
});
