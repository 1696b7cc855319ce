import { convert } from "html-to-text";
import { describe, expect, test } from "vitest";
import { deliveryMark } from "../../domain/comment/view";
import type { RunReport } from "../../domain/report/report";
import { renderComment } from "../../templates/render-comment";
import { hostileReport } from "../support/hostile-report";
import { htmlPrinter, textPrinter } from "../support/printers";
import { answered, indicator, ordinaryReport, report, taken, viewOf } from "../support/reports";

const textOf = (given: RunReport): string => renderComment(viewOf(given), textPrinter);

const withTriage = ordinaryReport({
  triage: taken("confirmed_threat", {
    riskLevel: "High",
    family: "Orcus RAT",
    note: "The file opens a remote shell.",
    recommendedActions: ["Isolate the host."],
    link: "https://us.app.intezer.com/alerts/1",
  }),
  incidentSubmitted: true,
});

describe("a comment as text", () => {
  test("looks as it did", async () => {
    await expect(`${textOf(withTriage)}\n`).toMatchFileSnapshot("./snapshots/with-triage.txt");
  });

  test("tells what the one in HTML tells, in the same order", () => {
    const told = [
      "Threat found: 1 malicious",
      "Why:",
      "54 of 72 engines call it malicious.",
      "triage of the incident:",
      "Risk: High",
      "The file opens a remote shell.",
      "Isolate the host.",
      "Malicious: File",
      "Orcus RAT, 2026-11-20 10:00 UTC",
      "Win32 EXE, signature does not hold: revoked",
      "Suspicious: URL",
      "Analyses: Harmless: 0; Malicious: 54",
      "File size: 184320 bytes",
      "Left out, 3 in all: private address",
      "Host WS-0042",
      "Incident 4712",
      "Sentinel Incident Enricher 1.2.3",
      "the whole incident to Intezer",
    ];
    const view = viewOf(withTriage);
    const html = convert(renderComment(view, htmlPrinter).replace(/<[^>]*>/g, ""), { wordwrap: false });
    for (const comment of [html, textOf(withTriage)]) {
      const positions = told.map((phrase) => comment.indexOf(phrase));
      expect(positions).not.toContain(-1);
      expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    }
  });

  test("names the reports of the services, and the incident", () => {
    const addresses = textOf(withTriage).match(/https:\/\/[^\s)]+/g) ?? [];
    expect(new Set(addresses.map((address) => new URL(address).host))).toEqual(
      new Set(["www.virustotal.com", "analyze.intezer.com", "us.app.intezer.com", "security.microsoft.com"]),
    );
  });

  test("carries the mark of the delivery that it tells", () => {
    expect(textOf(withTriage)).toContain(deliveryMark("0123456789abcdef"));
  });

  test("is no more than fits, however much there is", () => {
    const rows = Array.from(
      { length: 2_000 },
      (_, i) =>
        [indicator("url", `https://host-${i}.contoso.com/${"a".repeat(50)}`), answered("malicious")] as const,
    );
    const text = textOf(report(rows));
    expect(text.length).toBeLessThanOrEqual(29_000);
    expect(text).toMatch(/And \d+ more, no worse than these\./);
  });
});

describe("hostile text in it", () => {
  const text = textOf(hostileReport());

  test("is there, so that this proves something", () => {
    expect(text.match(/alert/g)?.length).toBeGreaterThan(20);
  });

  test("makes no tag, no emphasis, no code, no link", () => {
    expect(text).not.toMatch(/[<>`*~]/);
    expect(text).not.toMatch(/\][([:]/);
    expect(text).not.toMatch(/https?:\/\/|ftp:\/\/|www\./i);
    expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Cf}|\p{Cs}/u);
  });

  test("begins no line, so that it is no heading, list, quotation or table", () => {
    for (const line of text.replaceAll('\n"›', "\nProvider").split("\n"))
      expect(line).toMatch(/^(• |[A-Z][a-z]+)/);
  });
});
