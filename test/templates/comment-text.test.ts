import { convert } from "html-to-text";
import { describe, expect, test } from "vitest";
import type { RunReport } from "../../domain/report/report";
import { deliveryMark } from "../../domain/run/own-comments";
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

  test("says what the one in HTML says, in the same order", () => {
    const said = [
      "Threat found: 1 of 8 indicators is malicious, 1 suspicious.",
      "Malicious file invoice_2026.exe",
      "54 of 72 engines",
      "malicious, Orcus RAT",
      "Win32 EXE, invalid signature: revoked.",
      "Suspicious URL",
      "Intezer's triage of the incident: Confirmed Threat, high risk, Orcus RAT.",
      "Intezer recommends: Isolate the host.",
      "The file opens a remote shell.",
      "Unknown (1):",
      "Clean (5):",
      "AS15169 Google LLC, US.",
      "Not looked up (3):",
      "host WS-0042",
      "Details: file invoice_2026.exe",
      "Threat label trojan.orcusrat/msil.",
      "First seen 2026-11-17.",
      "SHA-256 aaaa",
      "Incident 4712",
      "Sentinel Incident Enricher 1.2.3",
      "the whole incident",
    ];
    const view = viewOf(withTriage);
    const html = convert(renderComment(view, htmlPrinter).replace(/<[^>]*>/g, ""), { wordwrap: false });
    for (const comment of [html, textOf(withTriage)]) {
      const positions = said.map((phrase) => comment.indexOf(phrase));
      expect(positions).not.toContain(-1);
      expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    }
  });

  test("names the reports of the services", () => {
    const addresses = textOf(withTriage).match(/https:\/\/[^\s)]+/g) ?? [];
    expect(new Set(addresses.map((address) => new URL(address).host))).toEqual(
      new Set(["www.virustotal.com", "analyze.intezer.com", "us.app.intezer.com"]),
    );
  });

  test("carries the mark of the delivery that it is about", () => {
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
