import { convert } from "html-to-text";
import { describe, expect, test } from "vitest";
import { addendumView } from "../../domain/comment/view";
import type { Answer } from "../../domain/lookups/provider";
import type { Lookup, RunReport } from "../../domain/report/report";
import { deliveryMark } from "../../domain/run/own-comments";
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
  triageDetails,
  updateOf,
  viewOf,
} from "../support/reports";

const htmlOf = (given: RunReport, lengthLimit?: number): string =>
  renderComment(viewOf(given, lengthLimit ? { lengthLimit } : {}), htmlPrinter);

/** One element a line, so that a snapshot can be read; a browser shows it as the portal does. */
const lines = (html: string) => `${html.replaceAll("> <", ">\n<")}\n`;

const withTriage = ordinaryReport({
  triage: taken("confirmed_threat", triageDetails),
  incidentSubmitted: true,
});

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
        addendumView(triage("confirmed_threat", triageDetails), "0123456789abcdef", {
          version: "1.2.3",
          lengthLimit: 29_000,
          at: withTriage.at,
          incident: withTriage.incident,
          before: "clean",
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

  test("of an ordinary incident stays under 4,000 characters", () => {
    expect(htmlOf(withTriage).length).toBeLessThan(4_000);
  });

  test("still reads with all tags removed", () => {
    const text = convert(htmlOf(withTriage).replace(/<[^>]*>/g, ""), { wordwrap: false });
    expect(text).toMatchInlineSnapshot(
      `"Threat found: 1 of 8 indicators is malicious, 1 suspicious. Malicious file invoice_2026.exe (aaaaaaaaaaaa…): VirusTotal 54 of 72 engines; Intezer malicious, Orcus RAT. Win32 EXE, invalid signature: revoked. Suspicious URL hxxps://login[.]example[.]com/a?x=1: VirusTotal 2 of 91 engines. Page title: Sign in. Intezer's triage of the incident: Confirmed Threat, high risk, Malware, Orcus RAT. Open in Intezer. Intezer recommends: Isolate the host; Reset the account's password. Note: The file opens a remote shell. Isolate the host & reset the account. Unknown (1): file cccccccccccc…: VirusTotal has no record; Intezer has no copy of the file. Clean (5): file cmd.exe (bbbbbbbbbbbb…): VirusTotal 0 of 74 engines; Intezer trusted. Win32 EXE, signed by Microsoft Windows. URL hxxp://files[.]example[.]org/q: VirusTotal 0 of 91 engines. domain malware-c2[.]example[.]com: VirusTotal 0 of 90 engines. IP address 8[.]8[.]8[.]8: VirusTotal 0 of 90 engines. AS15169 Google LLC, US. IP address 2606:4700:4700::1111: VirusTotal 0 of 90 engines. Not looked up (3): 10[.]20[.]30[.]40, 192[.]168[.]50[.]35 (private address). host WS-0042 (not an indicator). Details: file invoice_2026.exe VirusTotal, analysed 2026-11-20: AVG (Win32:CrypterX-gen [Trj]). Threat label trojan.orcusrat/msil. Votes: 2 malicious. First seen 2026-11-17. 184 kB, PE32 executable. SHA-256 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa Incident 4712, run 1795356300000, 2026-11-22 14:05 UTC, took 42 s, Sentinel Incident Enricher 1.2.3. Sent to VirusTotal: 3 files, 2 URLs, 1 domain, 2 IP addresses. Sent to Intezer: the whole incident, 3 files. Intezer delivery 0123456789abcdef."`,
    );
  });

  test("carries the mark of the delivery that it is about", () => {
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
      new Set(["h3", "h4", "ul", "li", "p", "b", "br", "small"]),
    );
    expect(tags.filter((tag) => !/^<\/?\w+>$/.test(tag))).toEqual([]);
  });

  test("leaves no Markdown, no quote and no bracket that is live", () => {
    const untrusted = text.replace(/&#\d+;/g, "").replace("Intezer's triage of the incident:", "");
    expect(untrusted).not.toMatch(/[<>&"'`*_[\]|~#!\\]/);
    expect(untrusted).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
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
      expect(link).toMatch(/^href="https:\/\/(www\.virustotal\.com|analyze\.intezer\.com)\//);
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
    const bad = text.match(/(Malicious|Suspicious) URL hxxps/g)?.length ?? 0;
    const moreBad = Number(/And (\d+) more, no worse than these\./.exec(text)?.[1] ?? 0);
    expect(bad).toBeGreaterThan(50);
    expect(bad + moreBad).toBe(2_500);
    expect(text).toContain("Unknown (1250):");
    expect(text).toContain("Clean (1250):");
    expect(text).toContain("Not looked up (5000):");
  });

  test("forty IP addresses that no provider knows but one make a short comment", () => {
    const noRecord: Lookup = {
      kind: "notKnown",
      reason: "VirusTotal has no record",
      link: "https://www.virustotal.com/gui/ip-address/93.184.216.1",
    };
    const bad = answered("malicious", {
      summary: "11 of 93 engines",
      link: "https://www.virustotal.com/gui/ip-address/138.128.150.133",
      context: "AS13886 CLOUD-SOUTH, GB",
    });
    const html = htmlOf(
      report([
        [indicator("address", "138.128.150.133"), bad],
        ...Array.from({ length: 39 }, (_, i): Row => [indicator("address", `93.184.216.${i + 1}`), noRecord]),
      ]),
    );
    expect(html.length).toBeLessThanOrEqual(1_500);
    expect(convert(html, { wordwrap: false })).toContain("39 IP addresses (93[.]184[.]216[.]1, ");
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
