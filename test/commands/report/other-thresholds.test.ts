import { describe, expect, it } from "vitest";
import { thresholdsByKind } from "../../../clients/virustotal/thresholds";
import type { ClosedIncident, RecordedLookup } from "../../../commands/report/closed-incident";
import { otherThresholds } from "../../../commands/report/other-thresholds";
import type { Verdict } from "../../../domain/verdict";

const everyKind = (count: number) => ({ file: count, url: count, domain: count, address: count });
const usual = thresholdsByKind(everyKind(5), everyKind(2));

const lookup = (
  verdict: Verdict,
  detections: number,
  more: Partial<RecordedLookup> = {},
): RecordedLookup => ({
  kind: "file",
  indicator: "a".repeat(64),
  indicatorVerdict: verdict,
  provider: "virustotal",
  verdict,
  detections,
  suspicious: 0,
  ...more,
});

/** A false positive: what is found in it is a false alarm. */
const incident = (verdict: Verdict, lookups: readonly RecordedLookup[]): ClosedIncident => ({
  number: 1,
  title: "",
  workspace: "law-soc",
  rules: ["rule"],
  verdict,
  classification: "FalsePositive",
  lookups,
});

/** Whether the incident is found at one engine less, now, and at one more. */
function foundAt(setting: string, given: ClosedIncident) {
  const threshold = otherThresholds([given], usual).find((each) => each.setting === setting);
  return threshold?.variants.map(({ figures }) =>
    figures?.falseAlarms.length === 1 ? "found" : "not found",
  );
}

const [never, always] = [
  ["not found", "not found", "not found"],
  ["found", "found", "found"],
];
const fromLess = ["found", "not found", "not found"];
const untilNow = ["found", "found", "not found"];

describe("with another threshold", () => {
  it.each([
    {
      what: "as many engines as now",
      given: incident("suspicious", [lookup("suspicious", 2)]),
      found: untilNow,
    },
    { what: "one engine too few", given: incident("unknown", [lookup("unknown", 1)]), found: fromLess },
    {
      what: "engines that call it suspicious, which count as well",
      given: incident("suspicious", [lookup("suspicious", 1, { suspicious: 1 })]),
      found: untilNow,
    },
    {
      what: "a finding of the other provider, which stays",
      given: incident("suspicious", [
        lookup("suspicious", 2, { indicatorVerdict: "suspicious" }),
        lookup("suspicious", 0, { provider: "intezer", detections: undefined }),
      ]),
      found: always,
    },
    {
      what: "another indicator that is found at all of them",
      given: incident("suspicious", [
        lookup("suspicious", 2),
        lookup("suspicious", 3, { indicator: "b".repeat(64) }),
      ]),
      found: always,
    },
    {
      what: "a sandbox that made it suspicious",
      given: incident("suspicious", [lookup("suspicious", 1)]),
      found: always,
    },
    {
      what: "a source that vouches for the file",
      given: incident("unknown", [lookup("unknown", 3)]),
      found: never,
    },
    {
      what: "a source that makes it clean in spite of an engine",
      given: incident("clean", [lookup("clean", 1)]),
      found: never,
    },
    {
      what: "a weak finding that the other provider outweighs, until it is none",
      given: incident("clean", [
        lookup("unknown", 1, { indicatorVerdict: "clean" }),
        lookup("clean", 0, { provider: "intezer", detections: undefined, indicatorVerdict: "clean" }),
      ]),
      found: fromLess,
    },
    {
      what: "a triage that made the incident malicious",
      given: incident("malicious", [lookup("suspicious", 2)]),
      found: always,
    },
    { what: "no lookup at all", given: incident("suspicious", []), found: always },
  ])("for suspicious: $what", ({ given, found }) => {
    expect(foundAt("VIRUSTOTAL_SUSPICIOUS_FROM", given)).toEqual(found);
  });

  it.each([
    {
      what: "as many engines as now",
      given: incident("malicious", [lookup("malicious", 5)]),
      found: untilNow,
    },
    { what: "one engine too few", given: incident("suspicious", [lookup("suspicious", 4)]), found: fromLess },
    {
      what: "a source that vouches for the file, which malicious overrides",
      given: incident("unknown", [lookup("unknown", 4)]),
      found: fromLess,
    },
    {
      what: "Google Threat Intelligence that made it malicious",
      given: incident("malicious", [lookup("malicious", 3)]),
      found: always,
    },
  ])("for malicious: $what", ({ given, found }) => {
    expect(foundAt("VIRUSTOTAL_MALICIOUS_FROM", given)).toEqual(found);
  });

  it("each number of a setting is changed apart from the others", () => {
    const ownForAddresses = thresholdsByKind({ ...everyKind(5), address: 10 }, everyKind(2));
    const address = lookup("suspicious", 9, { kind: "address", indicator: "203.0.113.1" });
    const variants = otherThresholds([incident("suspicious", [address])], ownForAddresses)
      .filter(({ setting }) => setting === "VIRUSTOTAL_MALICIOUS_FROM")
      .map(({ kinds, variants }) => ({
        kinds,
        found: variants.map(({ value, figures }) => `${value}: ${figures?.falseAlarms.length}`),
      }));
    expect(variants).toEqual([
      { kinds: ["file", "url", "domain"], found: ["4: 0", "5: 0", "6: 0"] },
      { kinds: ["address"], found: ["9: 1", "10: 0", "11: 0"] },
    ]);
  });

  it("numbers that the settings do not allow have no figures", () => {
    const equal = thresholdsByKind(everyKind(1), everyKind(1));
    const allowed = otherThresholds([], equal).map(({ setting, variants }) => ({
      setting,
      values: variants.filter(({ figures }) => figures).map(({ value }) => value),
    }));
    expect(allowed).toEqual([
      { setting: "VIRUSTOTAL_MALICIOUS_FROM", values: [1, 2] },
      { setting: "VIRUSTOTAL_SUSPICIOUS_FROM", values: [1] },
    ]);
  });
});
