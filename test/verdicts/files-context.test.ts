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
      "VirusTotal 0 of 72 engines (2025-08-11, 15 months old)",
      "Win32 EXE, signed by Contoso Corporation.",
    ],
  },
  {
    what: "one engine against a file of a Linux distribution",
    virustotal: vt("file", "file-known-distributor"),
    verdict: "clean",
    why: [
      "VirusTotal 1 of 75 engines (2024-07-31, 2 years old)",
      "Known good: distributed with Linux.",
      "Win32 EXE.",
    ],
  },
  {
    what: "the same file without the distribution",
    virustotal: vt("file", "file-known-distributor", { known_distributors: undefined }),
    verdict: "unknown",
    why: ["VirusTotal 1 of 75 engines, often a false positive (2024-07-31, 2 years old)", "Win32 EXE."],
  },
  {
    what: "no engine, but high IDS alerts in its traffic",
    virustotal: vt("file", "file-clean-engines-high-ids"),
    verdict: "suspicious",
    why: [
      "VirusTotal 0 of 64 engines (2024-07-18, 2 years old)",
      "High-severity IDS rules matched in its traffic: 47.",
      "Network capture.",
    ],
  },
  {
    what: "no engine, IDS alerts of medium severity",
    virustotal: engines(0, 70, ids(0)),
    verdict: "clean",
    why: ["VirusTotal 0 of 70 engines (2025-08-14, 15 months old)", "Text."],
  },
  {
    what: "no engine, a critical Sigma rule",
    virustotal: engines(0, 70, sigma(1, 0)),
    verdict: "suspicious",
    why: [
      "VirusTotal 0 of 70 engines (2025-08-14, 15 months old)",
      "Sigma rules matched: 1 critical.",
      "Text.",
    ],
  },
  {
    what: "no engine, only medium Sigma rules",
    virustotal: engines(0, 70, sigma(0, 0)),
    verdict: "clean",
    why: ["VirusTotal 0 of 70 engines (2025-08-14, 15 months old)", "Text."],
  },
  {
    what: "no engine, a sandbox that calls it malicious",
    virustotal: engines(0, 70, sandbox("malicious")),
    verdict: "suspicious",
    why: [
      "VirusTotal 0 of 70 engines (2025-08-14, 15 months old)",
      "Called malicious by sandboxes: Zenbox.",
      "Text.",
    ],
  },
  {
    what: "no engine, a sandbox that calls it suspicious",
    virustotal: engines(0, 70, sandbox("suspicious")),
    verdict: "clean",
    why: [
      "VirusTotal 0 of 70 engines (2025-08-14, 15 months old)",
      "Called suspicious by sandboxes: Zenbox.",
      "Text.",
    ],
  },
  {
    what: "no engine, nine Sigma rules of high level",
    virustotal: engines(0, 70, sigma(0, 9)),
    verdict: "clean",
    why: [
      "VirusTotal 0 of 70 engines (2025-08-14, 15 months old)",
      "Sigma rules matched: 9 high, which is often noise.",
      "Text.",
    ],
  },
  {
    what: "no engine, nine IDS alerts of high severity",
    virustotal: engines(0, 70, ids(9)),
    verdict: "clean",
    why: [
      "VirusTotal 0 of 70 engines (2025-08-14, 15 months old)",
      "High-severity IDS rules matched in its traffic: 9, which is often noise.",
      "Text.",
    ],
  },
  {
    what: "one engine and a Sigma rule of high level",
    virustotal: engines(1, 70, sigma(0, 1)),
    verdict: "suspicious",
    why: ["VirusTotal 1 of 70 engines (2025-08-14, 15 months old)", "Sigma rules matched: 1 high.", "Text."],
  },
  {
    what: "one engine and an IDS alert of high severity",
    virustotal: engines(1, 70, ids(1)),
    verdict: "suspicious",
    why: [
      "VirusTotal 1 of 70 engines (2025-08-14, 15 months old)",
      "High-severity IDS rules matched in its traffic: 1.",
      "Text.",
    ],
  },
  {
    what: "no engine, but a suspicious sandbox and a Sigma rule of high level",
    virustotal: engines(0, 70, { ...sandbox("Suspicious"), ...sigma(0, 1) }),
    verdict: "suspicious",
    why: [
      "VirusTotal 0 of 70 engines (2025-08-14, 15 months old)",
      "Called suspicious by sandboxes: Zenbox.",
      "Text.",
    ],
  },
  {
    what: "no engine, a malicious sandbox in capitals",
    virustotal: engines(0, 70, sandbox("MALICIOUS")),
    verdict: "suspicious",
    why: [
      "VirusTotal 0 of 70 engines (2025-08-14, 15 months old)",
      "Called malicious by sandboxes: Zenbox.",
      "Text.",
    ],
  },
  {
    what: "one engine and a malicious sandbox",
    virustotal: engines(1, 70, sandbox("malicious")),
    verdict: "suspicious",
    why: [
      "VirusTotal 1 of 70 engines (2025-08-14, 15 months old)",
      "Called malicious by sandboxes: Zenbox.",
      "Text.",
    ],
  },
  {
    what: "one engine against a file of a trusted vendor",
    virustotal: engines(1, 70, goodware()),
    verdict: "clean",
    why: [
      "VirusTotal 1 of 70 engines (2025-08-14, 15 months old)",
      "Known good: Contoso Corporation.",
      "Text.",
    ],
  },
  {
    what: "three engines against a file of a trusted vendor",
    virustotal: engines(3, 70, goodware()),
    verdict: "unknown",
    why: [
      "VirusTotal 3 of 70 engines (2025-08-14, 15 months old)",
      "Known good: Contoso Corporation.",
      "Text.",
    ],
  },
  {
    what: "forty engines against a file of a trusted vendor: a supply chain attack",
    virustotal: engines(40, 70, goodware()),
    verdict: "malicious",
    why: [
      "VirusTotal 40 of 70 engines (2025-08-14, 15 months old)",
      "Known good: Contoso Corporation.",
      "Text.",
    ],
  },
  {
    what: "a trusted vendor's installer that a sandbox dislikes",
    virustotal: engines(0, 70, { ...goodware(), ...sandbox("malicious") }),
    verdict: "unknown",
    why: [
      "VirusTotal 0 of 70 engines (2025-08-14, 15 months old)",
      "Called malicious by sandboxes: Zenbox.",
      "Text.",
    ],
  },
  {
    what: "not yet analysed, of a trusted vendor",
    virustotal: vt("file", "file-not-yet-analysed", goodware()),
    verdict: "clean",
    why: ["VirusTotal not analysed yet", "Known good: Contoso Corporation.", "Win32 EXE."],
  },
  {
    what: "not yet analysed, but run in a sandbox",
    virustotal: vt("file", "file-not-yet-analysed", sandbox("malicious")),
    verdict: "suspicious",
    why: ["VirusTotal not analysed yet", "Called malicious by sandboxes: Zenbox.", "Win32 EXE."],
  },
  {
    what: "Google Threat Intelligence against silent engines",
    virustotal: engines(0, 70, gti("VERDICT_MALICIOUS", rated("SEVERITY_HIGH", 92))),
    verdict: "malicious",
    why: [
      "VirusTotal 0 of 70 engines; GTI: malicious, severity high, score 92 of 100 (2025-08-14, 15 months old)",
      "Google Threat Intelligence disagrees with the engines.",
      "Text.",
    ],
  },
  {
    what: "Google Threat Intelligence for a file that six engines detect",
    virustotal: engines(6, 70, gti("VERDICT_BENIGN", rated("SEVERITY_NONE", 1))),
    verdict: "malicious",
    why: [
      "VirusTotal 6 of 70 engines; GTI: benign, severity none, score 1 of 100 (2025-08-14, 15 months old)",
      "Google Threat Intelligence disagrees with the engines.",
      "Text.",
    ],
  },
  {
    what: "Google Threat Intelligence for a file that one engine detects",
    virustotal: engines(1, 70, gti("VERDICT_BENIGN")),
    verdict: "unknown",
    why: [
      "VirusTotal 1 of 70 engines, often a false positive; GTI: benign (2025-08-14, 15 months old)",
      "Text.",
    ],
  },
  {
    what: "Google Threat Intelligence for a file that no engine has analysed",
    virustotal: vt("file", "file-not-yet-analysed", gti("VERDICT_BENIGN")),
    verdict: "unknown",
    why: ["VirusTotal not analysed yet; GTI: benign", "Win32 EXE."],
  },
  {
    what: "Google Threat Intelligence in agreement with the engines",
    virustotal: engines(60, 70, gti("verdict_malicious", rated("Severity_High", 100))),
    verdict: "malicious",
    why: [
      "VirusTotal 60 of 70 engines; GTI: malicious, severity high, score 100 of 100 (2025-08-14, 15 months old)",
      "Text.",
    ],
  },
  {
    what: "Google Threat Intelligence without an opinion",
    virustotal: engines(6, 70, gti("VERDICT_UNDETECTED")),
    verdict: "malicious",
    why: ["VirusTotal 6 of 70 engines; GTI: undetected (2025-08-14, 15 months old)", "Text."],
  },
  {
    what: "Google Threat Intelligence with a severity only",
    virustotal: engines(12, 70, { gti_assessment: { severity: { value: "SEVERITY_NONE" } } }),
    verdict: "malicious",
    why: ["VirusTotal 12 of 70 engines; GTI: no verdict, severity none (2025-08-14, 15 months old)", "Text."],
  },
  {
    what: "Google Threat Intelligence before any engine",
    virustotal: vt(
      "file",
      "file-not-yet-analysed",
      gti("VERDICT_SUSPICIOUS", { threat_score: { value: 50 } }),
    ),
    verdict: "suspicious",
    why: ["VirusTotal not analysed yet; GTI: suspicious, score 50 of 100", "Win32 EXE."],
  },
];

describe("a file, by who vouches for it and what it did", () => {
  test.each(cases)("$what: $verdict", (given) => {
    expect(judged("file", given)).toEqual(expected(given));
  });
});
