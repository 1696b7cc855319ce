import { describe, expect, test } from "vitest";
import type { Lookup, RunReport } from "../../../domain/report/report";
import { findingsOf, summarize } from "../../../domain/report/summary";
import { tagsFor } from "../../../domain/report/tags";
import {
  answered,
  failed,
  file,
  indicator,
  ordinaryReport,
  pending,
  report,
  sha256,
  taken,
  unreadable,
} from "../../support/reports";

const address = indicator("address", "8.8.8.8");

const notKnown: Lookup = { kind: "notKnown", reason: "VirusTotal has no record" };
const off: Lookup = { kind: "off", reason: "INTEZER_URLS" };
const spent: Lookup = { kind: "notChecked", cause: "quota", reason: "quota spent" };

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

  test("counts what could not be read as not checked, and clears nothing with it", () => {
    const leftOut = [
      unreadable("x"),
      unreadable("y"),
      { entityKind: "Ip", value: "10.0.0.1", reason: "private" },
    ];
    const clean = summarize(report([[file, answered("clean")]], { leftOut }));
    expect(clean).toMatchObject({
      verdict: "unknown",
      incomplete: true,
      counts: { indicators: 1, clean: 1, unknown: 0, notChecked: 2 },
    });
    expect(tagsFor(clean)).toEqual(["enriched", "verdict-unknown", "enrichment-incomplete"]);
    const bad = summarize(report([[file, answered("malicious")]], { leftOut }));
    expect(tagsFor(bad)).toEqual(["enriched", "threat-found", "enrichment-incomplete"]);
    expect(summarize(report([], { leftOut }))).toMatchObject({ verdict: "unknown", incomplete: true });
    expect(summarize(report([], { leftOutSince: leftOut }))).toMatchObject({ counts: { notChecked: 2 } });
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

  test("has no more findings in the output than a monitor shows of it, and the worst of them", () => {
    const longUrl = (i: number) => indicator("url", `https://a.com/${"x".repeat(3_900)}/${i}`);
    const given = report(
      Array.from({ length: 100 }, (_, i) => [longUrl(i), answered(i === 99 ? "malicious" : "clean")]),
    );
    const findings = findingsOf(summarize(given));
    expect(findings[0]).toMatchObject({ value: longUrl(99).value, verdict: "malicious" });
    expect(findings.length).toBeGreaterThan(1);
    expect(JSON.stringify(findings).length).toBeLessThanOrEqual(16_000);
  });

  test("is plain JSON", () => {
    const summary = summarize(ordinaryReport({ triage: taken("confirmed_threat") }));
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
  });
});
