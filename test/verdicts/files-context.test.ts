import { describe, expect, test } from "vitest";
import { type Case, engines, expected, judged, vt } from "../support/verdict-case";

const goodware = (organization = "Contoso Corporation") => ({
  trusted_verdict: { organization, verdict: "goodware", filename: "a.exe" },
});
const gti = (value: string, more: object = {}) => ({ gti_assessment: { verdict: { value }, ...more } });
const rated = (severity: string, score: number) => ({
  severity: { value: severity },
  threat_score: { value: score },
});
const sandbox = (category: string) => ({
  sandbox_verdicts: { Zenbox: { category, sandbox_name: "Zenbox" } },
});
const sigma = (critical: number, high: number) => ({
  sigma_analysis_stats: { critical, high, medium: 3, low: 9 },
});
const ids = (high: number) => ({ crowdsourced_ids_stats: { high, medium: 2, low: 1, info: 0 } });

const cases: readonly Case[] = [
  {
    what: "a signed file of a trusted vendor",
    virustotal: vt("file", "file-clean-signed-trusted"),
    verdict: "clean",
    why: [
      "VirusTotal: None of 72 engines found anything.",
      "VirusTotal: Known as good: Contoso Corporation.",
    ],
  },
  {
    what: "one engine against a file of a Linux distribution",
    virustotal: vt("file", "file-known-distributor"),
    verdict: "clean",
    why: [
      "VirusTotal: Only one engine of 75, often a false positive.",
      "VirusTotal: Known as good: distributed with Linux.",
    ],
  },
  {
    what: "the same file without the distribution",
    virustotal: vt("file", "file-known-distributor", { known_distributors: undefined }),
    verdict: "unknown",
    why: ["VirusTotal: Only one engine of 75, often a false positive."],
  },
  {
    what: "no engine, but high IDS alerts in its traffic",
    virustotal: vt("file", "file-clean-engines-high-ids"),
    verdict: "suspicious",
    why: [
      "VirusTotal: IDS rules of high severity matched in its traffic: 47.",
      "VirusTotal: None of 64 engines found anything.",
    ],
  },
  {
    what: "no engine, IDS alerts of medium severity",
    virustotal: engines(0, 70, ids(0)),
    verdict: "clean",
    why: ["VirusTotal: None of 70 engines found anything."],
  },
  {
    what: "no engine, a critical Sigma rule",
    virustotal: engines(0, 70, sigma(1, 0)),
    verdict: "suspicious",
    why: [
      "VirusTotal: Sigma rules matched: 1 critical, 0 high.",
      "VirusTotal: None of 70 engines found anything.",
    ],
  },
  {
    what: "no engine, only medium Sigma rules",
    virustotal: engines(0, 70, sigma(0, 0)),
    verdict: "clean",
    why: ["VirusTotal: None of 70 engines found anything."],
  },
  {
    what: "no engine, a sandbox that calls it malicious",
    virustotal: engines(0, 70, sandbox("malicious")),
    verdict: "suspicious",
    why: [
      "VirusTotal: Called malicious by sandboxes: Zenbox.",
      "VirusTotal: None of 70 engines found anything.",
    ],
  },
  {
    what: "no engine, a sandbox that calls it suspicious",
    virustotal: engines(0, 70, sandbox("suspicious")),
    verdict: "clean",
    why: [
      "VirusTotal: None of 70 engines found anything.",
      "VirusTotal: Called suspicious by sandboxes: Zenbox.",
    ],
  },
  {
    what: "no engine, nine Sigma rules of high level",
    virustotal: engines(0, 70, sigma(0, 9)),
    verdict: "clean",
    why: [
      "VirusTotal: None of 70 engines found anything.",
      "VirusTotal: Sigma rules matched: 0 critical, 9 high, which is often noise.",
    ],
  },
  {
    what: "no engine, nine IDS alerts of high severity",
    virustotal: engines(0, 70, ids(9)),
    verdict: "clean",
    why: [
      "VirusTotal: None of 70 engines found anything.",
      "VirusTotal: IDS rules of high severity matched in its traffic: 9, which is often noise.",
    ],
  },
  {
    what: "one engine and a Sigma rule of high level",
    virustotal: engines(1, 70, sigma(0, 1)),
    verdict: "suspicious",
    why: [
      "VirusTotal: Sigma rules matched: 0 critical, 1 high.",
      "VirusTotal: Only one engine of 70, often a false positive.",
    ],
  },
  {
    what: "one engine and an IDS alert of high severity",
    virustotal: engines(1, 70, ids(1)),
    verdict: "suspicious",
    why: [
      "VirusTotal: IDS rules of high severity matched in its traffic: 1.",
      "VirusTotal: Only one engine of 70, often a false positive.",
    ],
  },
  {
    what: "no engine, but a suspicious sandbox and a Sigma rule of high level",
    virustotal: engines(0, 70, { ...sandbox("Suspicious"), ...sigma(0, 1) }),
    verdict: "suspicious",
    why: [
      "VirusTotal: Called suspicious by sandboxes: Zenbox.",
      "VirusTotal: Sigma rules matched: 0 critical, 1 high.",
      "VirusTotal: None of 70 engines found anything.",
    ],
  },
  {
    what: "no engine, a malicious sandbox in capitals",
    virustotal: engines(0, 70, sandbox("MALICIOUS")),
    verdict: "suspicious",
    why: [
      "VirusTotal: Called malicious by sandboxes: Zenbox.",
      "VirusTotal: None of 70 engines found anything.",
    ],
  },
  {
    what: "one engine and a malicious sandbox",
    virustotal: engines(1, 70, sandbox("malicious")),
    verdict: "suspicious",
    why: [
      "VirusTotal: Called malicious by sandboxes: Zenbox.",
      "VirusTotal: Only one engine of 70, often a false positive.",
    ],
  },
  {
    what: "one engine against a file of a trusted vendor",
    virustotal: engines(1, 70, goodware()),
    verdict: "clean",
    why: [
      "VirusTotal: Only one engine of 70, often a false positive.",
      "VirusTotal: Known as good: Contoso Corporation.",
    ],
  },
  {
    what: "three engines against a file of a trusted vendor",
    virustotal: engines(3, 70, goodware()),
    verdict: "unknown",
    why: [
      "VirusTotal: 3 of 70 engines call it malicious.",
      "VirusTotal: Known as good: Contoso Corporation.",
    ],
  },
  {
    what: "forty engines against a file of a trusted vendor: a supply chain attack",
    virustotal: engines(40, 70, goodware()),
    verdict: "malicious",
    why: [
      "VirusTotal: 40 of 70 engines call it malicious.",
      "VirusTotal: Known as good: Contoso Corporation.",
    ],
  },
  {
    what: "a trusted vendor's installer that a sandbox dislikes",
    virustotal: engines(0, 70, { ...goodware(), ...sandbox("malicious") }),
    verdict: "unknown",
    why: [
      "VirusTotal: Called malicious by sandboxes: Zenbox.",
      "VirusTotal: None of 70 engines found anything.",
      "VirusTotal: Known as good: Contoso Corporation.",
    ],
  },
  {
    what: "not yet analysed, of a trusted vendor",
    virustotal: vt("file", "file-not-yet-analysed", goodware()),
    verdict: "clean",
    why: ["VirusTotal: No engine has analysed it.", "VirusTotal: Known as good: Contoso Corporation."],
  },
  {
    what: "not yet analysed, but run in a sandbox",
    virustotal: vt("file", "file-not-yet-analysed", sandbox("malicious")),
    verdict: "suspicious",
    why: ["VirusTotal: Called malicious by sandboxes: Zenbox.", "VirusTotal: No engine has analysed it."],
  },
  {
    what: "Google Threat Intelligence against silent engines",
    virustotal: engines(0, 70, gti("VERDICT_MALICIOUS", rated("SEVERITY_HIGH", 92))),
    verdict: "malicious",
    why: [
      "VirusTotal: Google Threat Intelligence disagrees with the engines: malicious, severity high, score 92 of 100.",
      "VirusTotal: None of 70 engines found anything.",
    ],
  },
  {
    what: "Google Threat Intelligence for a file that six engines detect",
    virustotal: engines(6, 70, gti("VERDICT_BENIGN", rated("SEVERITY_NONE", 1))),
    verdict: "malicious",
    why: [
      "VirusTotal: 6 of 70 engines call it malicious.",
      "VirusTotal: Google Threat Intelligence disagrees with the engines: benign, severity none, score 1 of 100.",
    ],
  },
  {
    what: "Google Threat Intelligence for a file that one engine detects",
    virustotal: engines(1, 70, gti("VERDICT_BENIGN")),
    verdict: "unknown",
    why: [
      "VirusTotal: Only one engine of 70, often a false positive.",
      "VirusTotal: Google Threat Intelligence says: benign.",
    ],
  },
  {
    what: "Google Threat Intelligence for a file that no engine has analysed",
    virustotal: vt("file", "file-not-yet-analysed", gti("VERDICT_BENIGN")),
    verdict: "unknown",
    why: ["VirusTotal: No engine has analysed it.", "VirusTotal: Google Threat Intelligence says: benign."],
  },
  {
    what: "Google Threat Intelligence in agreement with the engines",
    virustotal: engines(60, 70, gti("verdict_malicious", rated("Severity_High", 100))),
    verdict: "malicious",
    why: [
      "VirusTotal: Google Threat Intelligence says: malicious, severity high, score 100 of 100.",
      "VirusTotal: 60 of 70 engines call it malicious.",
    ],
  },
  {
    what: "Google Threat Intelligence without an opinion",
    virustotal: engines(6, 70, gti("VERDICT_UNDETECTED")),
    verdict: "malicious",
    why: [
      "VirusTotal: 6 of 70 engines call it malicious.",
      "VirusTotal: Google Threat Intelligence says: undetected.",
    ],
  },
  {
    what: "Google Threat Intelligence with a severity only",
    virustotal: engines(12, 70, { gti_assessment: { severity: { value: "SEVERITY_NONE" } } }),
    verdict: "malicious",
    why: [
      "VirusTotal: 12 of 70 engines call it malicious.",
      "VirusTotal: Google Threat Intelligence says: no verdict, severity none.",
    ],
  },
  {
    what: "Google Threat Intelligence before any engine",
    virustotal: vt(
      "file",
      "file-not-yet-analysed",
      gti("VERDICT_SUSPICIOUS", { threat_score: { value: 50 } }),
    ),
    verdict: "suspicious",
    why: [
      "VirusTotal: Google Threat Intelligence says: suspicious, score 50 of 100.",
      "VirusTotal: No engine has analysed it.",
    ],
  },
];

describe("a file, by who vouches for it and what it did", () => {
  test.each(cases)("$what: $verdict", (given) => {
    expect(judged("file", given)).toEqual(expected(given));
  });
});
