import { convert } from "html-to-text";
import { describe, expect, test } from "vitest";
import { addendumView, deliveryMark } from "../../domain/comment/view";
import type { Answer } from "../../domain/lookups/provider";
import type { Lookup, RunReport } from "../../domain/report/report";
import type { Triage } from "../../domain/report/triage";
import { renderComment } from "../../templates/render-comment";
import { hostileReport } from "../support/hostile-report";
import { htmlPrinter } from "../support/printers";
import {
  answered,
  indicator,
  ordinaryReport,
  pending,
  type Row,
  report,
  sha256,
  taken,
  triage,
  updateOf,
  viewOf,
} from "../support/reports";

const htmlOf = (given: RunReport, lengthLimit?: number): string =>
  renderComment(viewOf(given, lengthLimit ? { lengthLimit } : {}), htmlPrinter);

/** One element a line, so that a snapshot can be read; a browser shows it as the portal does. */
const lines = (html: string) => `${html.replaceAll("> <", ">\n<")}\n`;

const fullTriage: Partial<Triage> = {
  riskLevel: "High",
  riskCategory: "Malware",
  family: "Orcus RAT",
  note: "The file opens a remote shell. Isolate the host & reset the account.",
  recommendedActions: ["Isolate the host.", "Reset the account's password."],
  link: "https://analyze.intezer.com/alerts/73e01a99-5cd7-4139-a149-9f2736ff2ab5",
};

const withTriage = ordinaryReport({ triage: taken("confirmed_threat", fullTriage), incidentSubmitted: true });

const interruptedRows: readonly Row[] = [
  [indicator("file", sha256("a"), ["a.exe"]), answered("clean"), pending],
  [
    indicator("file", sha256("b"), ["b.exe"]),
    {
      kind: "notChecked",
      cause: "quota",
      reason: "The key's quota of the day is spent",
      possibleAt: Date.UTC(2026, 10, 23),
    },
    pending,
  ],
];

const interrupted = report(interruptedRows, { triage: { kind: "pending" }, incidentSubmitted: true });

const update = updateOf(
  report([
    [indicator("file", sha256("a"), ["a.exe"]), answered("clean"), answered("malicious")],
    [
      indicator("file", sha256("b"), ["b.exe"]),
      {
        kind: "notChecked",
        cause: "quota",
        reason: "The key's quota of the day is spent",
        possibleAt: Date.UTC(2026, 10, 23),
      },
      { kind: "notAnswered", reason: "no answer before the deadline" },
    ],
  ]),
  interruptedRows,
);

describe("a comment", () => {
  test.each([
    ["ordinary", htmlOf(ordinaryReport())],
    ["with-triage", htmlOf(withTriage)],
    ["interrupted", htmlOf(interrupted)],
    ["update", htmlOf(update)],
    ["nothing-to-look-up", htmlOf(report([]))],
    [
      "addendum",
      renderComment(
        addendumView(triage("confirmed_threat", fullTriage), "0123456789abcdef", {
          version: "1.2.3",
          lengthLimit: 29_000,
          at: withTriage.at,
          incident: withTriage.incident,
        }),
        htmlPrinter,
      ),
    ],
  ])("%s looks as it did", async (name, html) => {
    await expect(lines(html)).toMatchFileSnapshot(`./snapshots/${name}.html`);
  });

  test("is one line, also when texts are not", () => {
    const note = "one\ntwo\r\nthree\u2028four";
    expect(htmlOf({ ...withTriage, triage: taken("confirmed_threat", { note }) })).not.toMatch(
      /[\r\n\u2028]/,
    );
  });

  test("of an ordinary incident stays under 6,000 characters", () => {
    expect(htmlOf(withTriage).length).toBeLessThan(6_000);
  });

  test("still reads with all tags removed", () => {
    const text = convert(htmlOf(withTriage).replace(/<[^>]*>/g, ""), { wordwrap: false });
    expect(text).toMatchInlineSnapshot(
      `"Threat found: 1 malicious, 1 suspicious of 8 indicators; 8 of 8 checked. Why: VirusTotal on file invoice_2026.exe (aaaaaaaaaaaa…): 54 of 72 engines call it malicious. Intezer on file invoice_2026.exe (aaaaaaaaaaaa…): Verdict malicious, family Orcus RAT. Intezer's triage of the incident: Confirmed Threat, family Orcus RAT. VirusTotal on URL hxxps://login[.]example[.]com/a?x=1: 2 of 91 engines call it malicious. Intezer's triage of the incident: Verdict: Confirmed Threat. Risk: High, Malware. Family: Orcus RAT. Open in Intezer. Note: The file opens a remote shell. Isolate the host & reset the account. Recommended actions: Isolate the host. Reset the account's password. Verdict Indicator VirusTotal Intezer Context Malicious: File invoice_2026.exe aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa VirusTotal: 54 of 72 engines, 2026-11-20 10:00 UTC Intezer: Malicious: Orcus RAT, 2026-11-20 10:00 UTC Win32 EXE, signature does not hold: revoked Suspicious: URL hxxps://login[.]example[.]com/a?x=1 VirusTotal: 2 of 91 engines, 2026-11-20 10:00 UTC – page title: Sign in Unknown: File cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc VirusTotal: has no record Intezer: has no copy of the file Clean: File cmd.exe bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb VirusTotal: 0 of 74 engines, 2026-11-20 10:00 UTC Intezer: Trusted, 2026-11-20 10:00 UTC Win32 EXE, signed by Microsoft Windows Clean: URL hxxp://files[.]example[.]org/q VirusTotal: 0 of 91 engines, 2026-11-20 10:00 UTC – Clean: Domain malware-c2[.]example[.]com VirusTotal: 0 of 90 engines, 2026-11-20 10:00 UTC – Clean: Address 8[.]8[.]8[.]8 VirusTotal: 0 of 90 engines, 2026-11-20 10:00 UTC – AS15169 Google LLC, US Clean: Address 2606:4700:4700::1111 VirusTotal: 0 of 90 engines, 2026-11-20 10:00 UTC – File invoice_2026.exe (aaaaaaaaaaaa…), malicious: VirusTotal: Analyses: Harmless: 0; Malicious: 54; Suspicious: 1; Undetected: 17. Basic Properties: File type: Win32 EXE; File size: 184320 bytes. Left out, 3 in all: private address (2), entity kind that is not looked up (1). Namely: Ip 10[.]20[.]30[.]40, Ip 192[.]168[.]50[.]35, Host WS-0042. Incident 4712. Sentinel Incident Enricher 1.2.3, run 1795356300000 of 2026-11-22 14:05 UTC, took 42 s. Sent: the whole incident to Intezer; 3 files, 2 URLs, 1 domain, 2 addresses to VirusTotal; 3 files to Intezer. Carries Intezer's delivery 0123456789abcdef."`,
    );
  });

  test("carries the mark of the delivery that it tells", () => {
    expect(htmlOf(withTriage)).toContain(deliveryMark("0123456789abcdef"));
    expect(htmlOf(ordinaryReport())).not.toContain("delivery");
  });
});

describe("hostile text", () => {
  const html = htmlOf(hostileReport());
  const tags = html.match(/<[^>]*>/g) ?? [];
  const text = html.replace(/<[^>]*>/g, "");

  test("is in the comment, so that this proves something", () => {
    expect(text.match(/alert/g)?.length).toBeGreaterThan(20);
  });

  test("makes no tag that the templates do not write", () => {
    expect(new Set(tags.map((tag) => tag.replace(/^<\/?(\w+).*$/s, "$1")))).toEqual(
      new Set(["h3", "h4", "ul", "li", "p", "b", "table", "tr", "th", "td", "br", "small"]),
    );
    expect(tags.filter((tag) => !/^<\/?\w+>$/.test(tag))).toEqual([]);
  });

  test("leaves no Markdown, no quote and no bracket that is live", () => {
    const foreign = text.replace(/&#\d+;/g, "").replace("Intezer's triage of the incident:", "");
    expect(foreign).not.toMatch(/[<>&"'`*_[\]|~#!\\]/);
    expect(foreign).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
  });

  test("leaves no address that could become a link", () => {
    const read = convert(html, {
      wordwrap: false,
      selectors: [{ selector: "a", options: { ignoreHref: true } }],
    });
    expect(read).not.toMatch(/https?:\/\//i);
    expect(read).not.toMatch(/www\./i);
    expect(read).toContain("hxxps://evil[.]contoso[.]com/f");
  });

  test("links only where links may lead", () => {
    const links = htmlOf(withTriage).match(/href="[^"]*"/g) ?? [];
    expect(links.length).toBeGreaterThan(8);
    for (const link of links) {
      expect(link).toMatch(
        /^href="https:\/\/(www\.virustotal\.com|analyze\.intezer\.com|security\.microsoft\.com)\//,
      );
    }
    expect(html).not.toContain("href");
  });
});

describe("size", () => {
  /** Every n-th indicator malicious, suspicious, unknown, clean; every value of its own. */
  function large(count: number, more: Partial<Answer>): RunReport {
    const verdicts = ["malicious", "suspicious", "unknown", "clean"] as const;
    return report(
      Array.from({ length: count }, (_, i) => [
        indicator("url", `https://host-${i}.contoso.com/(path)/*`),
        answered(verdicts[i % 4] ?? "unknown", more),
      ]),
      {
        leftOut: Array.from({ length: count }, (_, i) => ({
          entityKind: "Ip",
          value: `10.0.${i}.1`,
          reason: "private address",
        })),
      },
    );
  }

  const card = {
    sections: [
      {
        title: "Analyses",
        rows: Array.from({ length: 30 }, (_, i) => [`Engine ${i}`, "(malicious)"] as const),
      },
    ],
  };

  test.each([10, 100, 500, 5_000])("%d indicators make one well-formed comment within the limit", (count) => {
    const html = htmlOf(large(count, { context: "*".repeat(100), card }));
    expect(html.length).toBeLessThanOrEqual(29_000);
    expect(unclosedTags(html)).toEqual([]);
  });

  test("what is not shown is counted", () => {
    const text = convert(htmlOf(large(5_000, {})), { wordwrap: false });
    const rows =
      text.match(/hxxps:\/\/host-\d+\[\.\]contoso\[\.\]com\/\(path\)\/\* VirusTotal/g)?.length ?? 0;
    const moreRows = Number(/And (\d+) more, no worse than these/.exec(text)?.[1] ?? 0);
    const unknown = Number(/(\d+) unknown:/.exec(text)?.[1] ?? 0);
    const clean = Number(/(\d+) clean:/.exec(text)?.[1] ?? 0);
    expect(rows).toBeGreaterThan(50);
    expect([unknown, clean]).toEqual([1_250, 1_250]);
    expect(rows + moreRows).toBe(2_500);
  });

  test("another limit is kept, too", () => {
    expect(htmlOf(large(500, { card }), 10_000).length).toBeLessThanOrEqual(10_000);
  });

  test("texts that are hostile throughout stay within the limit", () => {
    const noisy = "<&*".repeat(1_000);
    const lookups = Array.from(
      { length: 50 },
      (_, i): Lookup => ({ kind: "failed", reason: `${i} ${noisy}` }),
    );
    const given = report(
      lookups.map((lookup, i) => [
        indicator("url", `https://host-${i}.contoso.com/${"(".repeat(3_000)}`),
        lookup,
        answered("malicious", { reasons: [noisy], summary: noisy, context: noisy }),
      ]),
      {
        triage: taken("confirmed_threat", {
          note: noisy,
          verdictTitle: noisy,
          family: noisy,
          riskLevel: noisy,
          riskCategory: noisy,
          recommendedActions: Array<string>(50).fill(noisy),
        }),
      },
    );
    const html = htmlOf(given);
    expect(html.length).toBeLessThanOrEqual(29_000);
    expect(unclosedTags(html)).toEqual([]);
  });
});

/** Opened and not closed, or closed and not opened. */
function unclosedTags(html: string): string[] {
  const open: string[] = [];
  for (const [, slash, name = ""] of html.matchAll(/<(\/?)(\w+)[^>]*>/g)) {
    if (name === "br") continue;
    if (!slash) open.push(name);
    else if (open.at(-1) === name) open.pop();
    else return [...open, `/${name}`];
  }
  return open;
}
