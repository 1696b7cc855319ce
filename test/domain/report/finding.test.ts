import { describe, expect, test } from "vitest";
import type { Lookup } from "../../../domain/report/report";
import { summarize } from "../../../domain/report/summary";
import { answered, failed, file, notAsked, pending, report } from "../../support/reports";

const notKnown: Lookup = { kind: "notKnown", reason: "VirusTotal has no record" };
const off: Lookup = { kind: "off", reason: "INTEZER_URLS" };
const spent: Lookup = { kind: "notChecked", cause: "quota", reason: "quota spent" };
const late: Lookup = { kind: "notAnswered", reason: "no answer before the deadline" };
const weak = answered("unknown", { weak: true, reasons: ["Only one engine of 94, often a false positive."] });
const trusted = answered("clean", { trusted: true });

describe("one indicator", () => {
  test.each<[string, Lookup, Lookup | undefined, string, string]>([
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
    ["that no provider should look up is unknown", off, notAsked, "unknown", "off"],
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
    expect(findings).toMatchObject([{ item: { indicator: file }, verdict, coverage }]);
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
