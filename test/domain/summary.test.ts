import { describe, expect, test } from "vitest";
import type { LookUp, RunReport } from "../../domain/run-report";
import { findingsOf, summarize } from "../../domain/summary";
import {
  answered,
  indicator,
  notAsked,
  ordinaryReport,
  pending,
  report,
  sha256,
  share,
  taken,
} from "../support/reports";

const file = indicator("file", sha256("a"), ["invoice.exe"]);
const address = indicator("address", "8.8.8.8");

const notKnown: LookUp = { kind: "notKnown", reason: "VirusTotal has no record" };
const off: LookUp = { kind: "off", reason: "INTEZER_URLS" };
const spent: LookUp = { kind: "notChecked", cause: "quota", reason: "quota spent" };
const failed: LookUp = { kind: "failed", reason: "HTTP 503" };
const late: LookUp = { kind: "notAnswered", reason: "no answer before the deadline" };
const weak = answered("unknown", { weak: true, reasons: ["Only one engine of 94, often a false positive."] });
const trusted = answered("clean", { trusted: true });

describe("one indicator", () => {
  test.each<[string, LookUp, LookUp, string, string]>([
    [
      "has the worst verdict of all answers",
      answered("clean"),
      answered("malicious"),
      "malicious",
      "checked",
    ],
    ["has the verdict of the only answer", answered("clean"), notAsked, "clean", "checked"],
    ["without any assessment is unknown", notKnown, notKnown, "unknown", "checked"],
    ["is not made clean by a service that does not know it", notKnown, notAsked, "unknown", "checked"],
    ["stays clean beside a service that does not know it", answered("clean"), notKnown, "clean", "checked"],
    ["is unknown when one engine finds something", weak, notAsked, "unknown", "checked"],
    [
      "is unknown when one engine finds something, and another service nothing",
      weak,
      answered("clean"),
      "unknown",
      "checked",
    ],
    ["is clean when another service trusts it against one engine", weak, trusted, "clean", "checked"],
    [
      "is not made clean by trust against more than one engine",
      answered("suspicious"),
      trusted,
      "suspicious",
      "checked",
    ],
    ["does not count as missing where it is switched off", answered("clean"), off, "clean", "checked"],
    ["that nobody is to be asked about is unknown", off, notAsked, "unknown", "off"],
    ["counts as not checked after spent quota", answered("clean"), spent, "clean", "notChecked"],
    ["counts as not checked after a failure", failed, answered("clean"), "clean", "notChecked"],
    [
      "counts as not checked without an answer in time",
      answered("malicious"),
      late,
      "malicious",
      "notChecked",
    ],
    ["counts as not checked while it is pending", notKnown, pending, "unknown", "notChecked"],
  ])("%s", (_, virusTotal, intezer, verdict, coverage) => {
    const { findings } = summarize(report([[file, virusTotal, intezer]]));
    expect(findings).toMatchObject([{ index: 0, kind: "file", value: sha256("a"), verdict, coverage }]);
  });

  test("is not vouched for by the service whose own finding is weak", () => {
    const both = answered("unknown", { weak: true, trusted: true });
    expect(summarize(report([[file, both]])).findings[0]?.verdict).toBe("unknown");
  });

  test.each([
    ["malicious", "clean", true],
    ["suspicious", "clean", true],
    ["malicious", "suspicious", false],
    ["malicious", "unknown", false],
  ] as const)("called %s and %s: disputed is %s", (one, other, disputed) => {
    expect(summarize(report([[file, answered(one), answered(other)]])).findings[0]?.disputed).toBe(disputed);
  });
});

describe("an incident", () => {
  test.each<[string, RunReport, string, boolean]>([
    [
      "has the verdict of its worst indicator",
      report([
        [file, answered("suspicious")],
        [address, answered("clean")],
      ]),
      "suspicious",
      false,
    ],
    [
      "with one unknown indicator is unknown",
      report([
        [file, answered("clean")],
        [address, notKnown],
      ]),
      "unknown",
      false,
    ],
    [
      "with only clean ones has no known threat",
      report([
        [file, answered("clean")],
        [address, answered("clean")],
      ]),
      "clean",
      false,
    ],
    ["without indicators is unknown", report([]), "unknown", false],
    ["is incomplete with something pending", report([[file, answered("clean"), pending]]), "clean", true],
    [
      "is raised by a triage",
      report([[file, answered("clean")]], { triage: taken("confirmed_threat"), incidentSubmitted: true }),
      "malicious",
      false,
    ],
    [
      "is raised by a suspicious triage",
      report([[file, answered("clean")]], { triage: taken("suspicious_behavior") }),
      "suspicious",
      false,
    ],
    [
      "is not lowered by a triage",
      report([[file, answered("malicious")]], { triage: taken("false_positive") }),
      "malicious",
      false,
    ],
    [
      "is not called clean beside a triage that is not",
      report([[file, answered("clean")]], { triage: taken("inconclusive") }),
      "unknown",
      false,
    ],
    [
      "without indicators has the verdict of a bad triage",
      report([], { triage: taken("likely_true_positive") }),
      "suspicious",
      false,
    ],
    [
      "without indicators is not cleared by a triage",
      report([], { triage: taken("false_positive") }),
      "unknown",
      false,
    ],
    [
      "that was submitted and not triaged is incomplete",
      report([[file, answered("clean")]], { triage: { kind: "pending" }, incidentSubmitted: true }),
      "clean",
      true,
    ],
    [
      "whose submission failed is complete without it",
      report([[file, answered("clean")]], { triage: { kind: "failed", reason: "HTTP 400" } }),
      "clean",
      false,
    ],
  ])("%s", (_, given, verdict, incomplete) => {
    expect(summarize(given)).toMatchObject({ verdict, incomplete });
  });

  test("is counted by verdict, and what is not checked on top of that", () => {
    const summary = summarize(
      report([
        [indicator("file", sha256("1")), answered("clean"), pending],
        [indicator("file", sha256("2")), answered("malicious"), failed],
        [indicator("file", sha256("3")), notKnown, answered("suspicious")],
        [indicator("url", "http://a.com/"), off],
        [address, spent],
      ]),
    );
    expect(summary.counts).toEqual({
      indicators: 5,
      malicious: 1,
      suspicious: 1,
      unknown: 2,
      clean: 1,
      notChecked: 3,
    });
  });

  test("lists findings worst first, else in the order of the report", () => {
    const verdicts = ["clean", "unknown", "malicious", "suspicious", "malicious"] as const;
    const given = report(
      verdicts.map((verdict, i) => [indicator("address", `8.8.8.${i}`), answered(verdict)]),
    );
    expect(findingsOf(summarize(given))).toEqual([
      { kind: "address", value: "8.8.8.2", verdict: "malicious" },
      { kind: "address", value: "8.8.8.4", verdict: "malicious" },
      { kind: "address", value: "8.8.8.3", verdict: "suspicious" },
      { kind: "address", value: "8.8.8.1", verdict: "unknown" },
      { kind: "address", value: "8.8.8.0", verdict: "clean" },
    ]);
  });

  test("has at most 100 findings in the output of its run, the worst", () => {
    const given = report(
      Array.from({ length: 300 }, (_, i) => [
        indicator("address", `8.8.${i}.1`),
        answered(i < 250 ? "clean" : "malicious"),
      ]),
    );
    const findings = findingsOf(summarize(given));
    expect(findings).toHaveLength(100);
    expect(findings.filter(({ verdict }) => verdict === "malicious")).toHaveLength(50);
  });

  test("is plain JSON", () => {
    const summary = summarize(ordinaryReport({ triage: taken("confirmed_threat") }));
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
  });
});

describe("reasons", () => {
  test("name provider and indicator, the worst first, and leave out what all call clean", () => {
    expect(summarize(ordinaryReport()).reasons).toEqual([
      "VirusTotal on file invoice_2026.exe (aaaaaaaaaaaa…): 54 of 72 engines call it malicious.",
      "Intezer on file invoice_2026.exe (aaaaaaaaaaaa…): Verdict malicious, family Orcus RAT.",
      "VirusTotal on URL hxxps://login[.]example[.]com/a?x=1: 2 of 91 engines call it malicious.",
    ]);
  });

  test("say who disagrees", () => {
    expect(summarize(report([[file, answered("malicious"), answered("clean")]])).reasons).toEqual([
      "VirusTotal on file invoice.exe (aaaaaaaaaaaa…): Said to be malicious. The providers disagree: Intezer calls it clean.",
    ]);
  });

  test("say what was outweighed", () => {
    expect(summarize(report([[file, weak, trusted]])).reasons).toEqual([
      "VirusTotal on file invoice.exe (aaaaaaaaaaaa…): Only one engine of 94, often a false positive. Intezer knows it as good, which outweighs this.",
    ]);
  });

  test("tell of an unknown incident what could not be told", () => {
    const unknown = summarize(
      report([
        [file, notKnown, weak],
        [address, answered("clean")],
      ]),
    );
    expect(unknown.reasons).toEqual([
      "Intezer on file invoice.exe (aaaaaaaaaaaa…): Only one engine of 94, often a false positive.",
      "VirusTotal on file invoice.exe (aaaaaaaaaaaa…): has no record.",
    ]);
  });

  test("are at most five; each bad indicator gets its first before one gets its second", () => {
    const talkative = answered("malicious", { reasons: ["First.", "Second.", "Third."] });
    const given = report([0, 1, 2, 3].map((i) => [indicator("address", `8.8.8.${i}`), talkative]));
    expect(summarize(given).reasons).toEqual([
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
    expect(summarize(given).reasons).toEqual([
      "Intezer's triage of the incident: Confirmed Threat, family Carbanak.",
      "VirusTotal on address 8[.]8[.]8[.]8: Said to be suspicious.",
    ]);
  });
});

describe("gaps", () => {
  test("are one per provider and cause, with the latest time", () => {
    const returning = (possibleAt: number): LookUp => ({
      kind: "notChecked",
      cause: "quota",
      reason: "quota spent",
      possibleAt,
    });
    const given = report([
      [indicator("file", sha256("1")), returning(1), pending],
      [indicator("file", sha256("2")), returning(3), pending],
      [indicator("file", sha256("3")), failed, answered("clean")],
    ]);
    expect(summarize(given).gaps).toEqual([
      { provider: "VirusTotal", state: "notChecked", reason: "quota spent", indicators: 2, possibleAt: 3 },
      { provider: "VirusTotal", state: "failed", reason: "HTTP 503", indicators: 1 },
      {
        provider: "Intezer",
        state: "open",
        cause: "pending",
        reason: "Intezer is analysing it",
        indicators: 2,
      },
    ]);
  });
});

describe("what is switched off", () => {
  test("is told by kind and setting, as far as the incident has such indicators", () => {
    const given = report(
      [
        [indicator("url", "http://a.com/"), notAsked],
        [file, notAsked],
      ],
      {
        providers: [
          share("Intezer", [off, { kind: "off", reason: "A rule of the account skips it" }], {
            url: "INTEZER_URLS",
            domain: "NOT_HERE",
          }),
        ],
      },
    );
    expect(summarize(given).switchedOff).toEqual([
      { provider: "Intezer", kinds: ["url"], reason: "INTEZER_URLS" },
      { provider: "Intezer", kinds: ["file"], reason: "A rule of the account skips it" },
    ]);
  });
});
