import { describe, expect, test } from "vitest";
import { reasonsOf } from "../../../domain/comment/reasons";
import type { Lookup, RunReport } from "../../../domain/report/report";
import { summarize } from "../../../domain/report/summary";
import { answered, file, indicator, ordinaryReport, type Row, report, taken } from "../../support/reports";

const address = indicator("address", "8.8.8.8");

const notKnown: Lookup = { kind: "notKnown", reason: "VirusTotal has no record" };
const weak = answered("unknown", { weak: true, reasons: ["Only one engine of 94, often a false positive."] });
const trusted = answered("clean", { trusted: true });

const reasons = (given: RunReport) => reasonsOf(given, summarize(given).findings);

describe("reasons", () => {
  test("name provider and indicator, the worst first, and leave out what all call clean", () => {
    expect(reasons(ordinaryReport())).toEqual([
      "VirusTotal on file invoice_2026.exe (aaaaaaaaaaaa…): 54 of 72 engines call it malicious.",
      "Intezer on file invoice_2026.exe (aaaaaaaaaaaa…): Verdict malicious, family Orcus RAT.",
      "VirusTotal on URL hxxps://login[.]example[.]com/a?x=1: 2 of 91 engines call it malicious.",
    ]);
  });

  test("say who disagrees", () => {
    expect(reasons(report([[file, answered("malicious"), answered("clean")]]))).toEqual([
      "VirusTotal on file invoice.exe (aaaaaaaaaaaa…): Said to be malicious. The providers disagree: Intezer calls it clean.",
    ]);
  });

  test("say which two disagree with the third", () => {
    const row: Row = [file, answered("malicious"), answered("clean"), answered("clean")];
    expect(reasons(report([row], {}, ["VirusTotal", "Intezer", "Third"]))[0]).toMatch(
      /: Intezer, Third call it clean\.$/,
    );
  });

  test("say what was outweighed", () => {
    expect(reasons(report([[file, weak, trusted]]))).toEqual([
      "VirusTotal on file invoice.exe (aaaaaaaaaaaa…): Only one engine of 94, often a false positive. Intezer knows it as good, which outweighs this.",
    ]);
  });

  test("tell of an unknown incident what could not be told", () => {
    const unknown = reasons(
      report([
        [file, notKnown, weak],
        [address, answered("clean")],
      ]),
    );
    expect(unknown).toEqual([
      "Intezer on file invoice.exe (aaaaaaaaaaaa…): Only one engine of 94, often a false positive.",
      "VirusTotal on file invoice.exe (aaaaaaaaaaaa…): has no record.",
    ]);
  });

  test("are at most five; each bad indicator gets its first before one gets its second", () => {
    const talkative = answered("malicious", { reasons: ["First.", "Second.", "Third."] });
    const given = report([0, 1, 2, 3].map((i) => [indicator("address", `8.8.8.${i}`), talkative]));
    expect(reasons(given)).toEqual([
      "VirusTotal on address 8[.]8[.]8[.]0: First.",
      "VirusTotal on address 8[.]8[.]8[.]1: First.",
      "VirusTotal on address 8[.]8[.]8[.]2: First.",
      "VirusTotal on address 8[.]8[.]8[.]3: First.",
      "VirusTotal on address 8[.]8[.]8[.]0: Second.",
    ]);
  });

  test("name the triage beside the indicators", () => {
    const given = report([[address, answered("suspicious")]], {
      triage: taken("confirmed_threat", { family: "Carbanak" }),
    });
    expect(reasons(given)).toEqual([
      "Intezer's triage of the incident: Confirmed Threat, family Carbanak.",
      "VirusTotal on address 8[.]8[.]8[.]8: Said to be suspicious.",
    ]);
  });
});
