import { describe, expect, it } from "vitest";
import { answered, enginesIn } from "../../../clients/virustotal/opinions";
import { type Assessment, assess } from "../../../clients/virustotal/verdict";
import type { IndicatorKind } from "../../../domain/indicators/indicator";
import { reportOf } from "../../support/virustotal-fixtures";

const thresholds = { maliciousFrom: 5, suspiciousFrom: 2 };

/** The recordings are named after their kind. */
const kindOf = (name: string): IndicatorKind =>
  name.startsWith("ip-") ? "address" : ((/^(file|domain|url)/.exec(name)?.[0] ?? "file") as IndicatorKind);

const assessed = (name: string, replaced?: Readonly<Record<string, unknown>>): Assessment => {
  const assessment = assess(kindOf(name), reportOf(name, replaced).attributes, thresholds);
  if (!assessment) throw new Error(`${name} is not assessed`);
  return assessment;
};

/** A report with these counts and nothing else that could decide. */
const counted = (counts: object) =>
  assessed("file-clean-minimal", { last_analysis_stats: { harmless: 0, ...counts } });

const none = { malicious: 0, suspicious: 0, undetected: 0, harmless: 0 };

const trusted = { organization: "Contoso Corporation", verdict: "goodware", filename: "a.exe" };

describe("assess", () => {
  it.each([
    ["file-malicious-rich", "malicious", "54 of 75 engines call it malicious."],
    ["file-malicious-no-name", "malicious", "47 of 65 engines call it malicious."],
    ["file-clean-signed-trusted", "clean", "None of 72 engines found anything."],
    ["file-signed-bad-certificate", "clean", "None of 72 engines found anything."],
    ["file-known-distributor", "clean", "Only one engine of 75, often a false positive."],
    ["file-clean-engines-high-ids", "suspicious", "None of 64 engines found anything."],
    ["ip-malicious", "suspicious", "4 of 93 engines call it malicious."],
    ["ip-no-geo-false-positive", "suspicious", "4 of 94 engines call it malicious."],
    ["ip-clean-gti", "clean", "None of 94 engines found anything."],
    ["ip-v6-clean", "clean", "None of 94 engines found anything."],
    ["domain-malicious", "malicious", "6 of 93 engines call it malicious."],
    ["domain-clean-one-engine-fp", "unknown", "Only one engine of 94, often a false positive."],
    ["url-malicious", "malicious", "11 of 93 engines call it malicious."],
    ["url-redirect-phishing", "malicious", "14 of 97 engines call it malicious, 2 suspicious."],
    ["url-clean-negative-reputation", "clean", "None of 71 engines found anything."],
  ])("calls %s %s", (name, verdict, reason) => {
    const assessment = assessed(name);
    expect(assessment.verdict).toBe(verdict);
    expect(assessment.reasons[0]).toBe(reason);
  });

  it.each(["file-not-yet-analysed", "ip-without-analysis"])("has no verdict of %s", (name) => {
    expect(assess(kindOf(name), reportOf(name).attributes, thresholds)).toBeUndefined();
  });

  it.each([
    [{ malicious: 0, suspicious: 0 }, "clean", "None of 90 engines found anything."],
    [{ malicious: 1, suspicious: 0 }, "unknown", "Only one engine of 90, often a false positive."],
    [{ malicious: 0, suspicious: 1 }, "unknown", "Only one engine of 90, often a false positive."],
    [{ malicious: 1, suspicious: 1 }, "suspicious", "1 of 90 engines calls it malicious, 1 suspicious."],
    [{ malicious: 0, suspicious: 2 }, "suspicious", "2 of 90 engines call it suspicious, none malicious."],
    [{ malicious: 4, suspicious: 9 }, "suspicious", "4 of 90 engines call it malicious, 9 suspicious."],
    [{ malicious: 5, suspicious: 0 }, "malicious", "5 of 90 engines call it malicious."],
  ])("draws the line at the thresholds: %o is %s", (found, verdict, reason) => {
    const undetected = 90 - found.malicious - found.suspicious;
    expect(counted({ ...found, undetected })).toMatchObject({ verdict, reasons: [reason] });
  });

  it("follows other thresholds, and calls what is below them weak", () => {
    const { attributes } = reportOf("ip-malicious");
    const judged = (maliciousFrom: number, suspiciousFrom: number) =>
      assess("address", attributes, { maliciousFrom, suspiciousFrom });
    expect(judged(4, 1)?.verdict).toBe("malicious");
    expect(judged(10, 4)?.verdict).toBe("suspicious");
    expect(judged(10, 5)).toMatchObject({
      verdict: "unknown",
      weak: true,
      reasons: ["4 of 93 engines call it malicious, often a false positive."],
    });
  });

  it("counts no engine that gave no opinion", () => {
    const stats = { undetected: 3, timeout: 4, failure: 5, "confirmed-timeout": 6, "type-unsupported": 7 };
    const counts = enginesIn(
      reportOf("file-clean-minimal", { last_analysis_stats: { ...none, ...stats } }).attributes,
    );
    expect(answered(counts)).toBe(3);
    const unrated = { last_analysis_stats: { ...none, ...stats, undetected: 0 } };
    expect(assess("url", reportOf("url-after-analysis", unrated).attributes, thresholds)).toBeUndefined();
  });

  it.each<[what: string, seen: Readonly<Record<string, unknown>>, reason: string]>([
    [
      "a sandbox that calls it malicious",
      {
        sandbox_verdicts: {
          Zenbox: { category: "malicious", sandbox_name: "Zenbox" },
          Other: { category: "harmless" },
        },
      },
      "Called malicious by sandboxes: Zenbox.",
    ],
    [
      "a Sigma rule of critical level",
      { sigma_analysis_stats: { critical: 1, high: 0, medium: 0, low: 0 } },
      "Sigma rules matched: 1 critical.",
    ],
    [
      "a Sigma rule of critical level that only the list has",
      { sigma_analysis_results: [{ rule_level: "Critical" }] },
      "Sigma rules matched: 1 critical.",
    ],
    [
      "many Sigma rules of high level",
      { sigma_analysis_stats: { critical: 0, high: 10, medium: 0, low: 0 } },
      "Sigma rules matched: 10 high.",
    ],
    [
      "many IDS rules of high severity",
      { crowdsourced_ids_stats: { high: 10, medium: 0, low: 0, info: 0 } },
      "High-severity IDS rules matched in its traffic: 10.",
    ],
  ])("makes a file suspicious for %s, however clean the engines find it", (_, seen, reason) => {
    const clean = { trusted_verdict: undefined, sandbox_verdicts: undefined };
    expect(assessed("file-clean-signed-trusted", { ...clean, ...seen })).toEqual({
      verdict: "suspicious",
      reasons: ["None of 72 engines found anything.", reason],
    });
    expect(assessed("file-malicious-no-name", seen).verdict).toBe("malicious");
    expect(assessed("file-not-yet-analysed", seen).verdict).toBe("suspicious");
  });

  it.each([
    ["Sigma rules of medium level", { sigma_analysis_stats: { critical: 0, high: 0, medium: 9, low: 9 } }],
    ["IDS rules of medium severity", { crowdsourced_ids_stats: { high: 0, medium: 9, low: 9, info: 9 } }],
    ["a sandbox that calls it suspicious", { sandbox_verdicts: { C2AE: { category: "suspicious" } } }],
    ["bad reputation and votes", { reputation: -500, total_votes: { malicious: 99, harmless: 0 } }],
  ])("does not change a verdict for %s", (_, seen) => {
    expect(assessed("file-signed-bad-certificate", seen).verdict).toBe("clean");
  });

  it.each<[what: string, name: string, seen: Readonly<Record<string, unknown>>, expected: object]>([
    ["one engine", "file-known-distributor", {}, { verdict: "clean", trusted: true }],
    ["no engine yet", "file-not-yet-analysed", {}, { verdict: "clean", trusted: true }],
    [
      "four engines",
      "file-clean-signed-trusted",
      { last_analysis_stats: { ...none, malicious: 4, undetected: 70 } },
      { verdict: "unknown" },
    ],
    ["high IDS rules", "file-clean-engines-high-ids", {}, { verdict: "unknown" }],
    ["54 engines", "file-malicious-rich", {}, { verdict: "malicious" }],
  ])("lets a source that knows the file as good lower %s by one step", (_, name, seen, expected) => {
    const { reasons, ...rest } = assessed(name, { ...seen, trusted_verdict: trusted });
    expect(rest).toEqual(expected);
    expect(reasons).toContain("Known good: Contoso Corporation.");
  });

  it("names a distributor as the source", () => {
    expect(assessed("file-known-distributor").reasons[1]).toBe("Known good: distributed with Linux.");
  });

  it("takes no signature for a source that vouches", () => {
    const signed = assessed("file-clean-signed-trusted", {
      trusted_verdict: undefined,
      last_analysis_stats: { ...none, malicious: 1, undetected: 70 },
    });
    expect(signed).toMatchObject({ verdict: "unknown", weak: true });
    expect(assessed("file-known-distributor", { known_distributors: { distributors: [] } }).verdict).toBe(
      "unknown",
    );
    expect(
      assessed("file-by-sha1", { trusted_verdict: { ...trusted, verdict: "other" } }).reasons,
    ).not.toContain("Known good: Contoso Corporation.");
  });

  it.each<[value: string, silent: string, detected: string]>([
    ["VERDICT_MALICIOUS", "malicious", "malicious"],
    ["verdict_malicious", "malicious", "malicious"],
    ["VERDICT_SUSPICIOUS", "suspicious", "malicious"],
    ["VERDICT_BENIGN", "clean", "malicious"],
    ["VERDICT_UNDETECTED", "clean", "malicious"],
    ["VERDICT_UNKNOWN", "clean", "malicious"],
    ["constructor", "unknown", "malicious"],
  ])("lets the %s of Google Threat Intelligence raise and never lower", (value, silent, detected) => {
    const gti = { gti_assessment: { verdict: { value }, threat_score: { value: 30 } } };
    expect(assessed("ip-clean", gti).verdict).toBe(silent);
    expect(assessed("domain-malicious", gti).verdict).toBe(detected);
  });

  it("says no more of what the engines call bad, since the card does", () => {
    expect(assessed("file-malicious-rich").reasons).toEqual(["54 of 75 engines call it malicious."]);
  });

  it("says what a thing is called that few engines call bad", () => {
    const seen = {
      threat_names: ["A", "B", "C", "D", "E"],
      last_analysis_stats: { ...none, malicious: 1, harmless: 70 },
    };
    expect(assessed("url-clean-negative-reputation", seen).reasons[1]).toBe("Threats: A, B, C and 2 more.");
  });
});
