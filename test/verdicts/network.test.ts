import { describe, expect, test } from "vitest";
import type { IndicatorKind } from "../../domain/indicators/indicator";
import { noRecord } from "../support/reports";
import { analysing, type Case, expected, failed, intezerUrl, judged, vt } from "../support/verdict-case";

const offline = { kind: "notKnown", reason: "The URL was offline when Intezer opened it" } as const;

const addresses: readonly Case[] = [
  {
    what: "four engines against an address with a good reputation",
    virustotal: vt("address", "ip-malicious"),
    verdict: "suspicious",
    why: ["VirusTotal 4 of 93 engines", "AS13886 CLOUD-SOUTH, GB."],
  },
  {
    what: "four engines against a public resolver, 1.1.1.1",
    virustotal: vt("address", "ip-no-geo-false-positive"),
    verdict: "suspicious",
    why: ["VirusTotal 4 of 94 engines", "AS13335 CLOUDFLARENET."],
  },
  {
    what: "the same address in 2019, without any analysis",
    virustotal: vt("address", "ip-without-analysis"),
    verdict: "unknown",
    why: ["VirusTotal has a record, but no engine has analysed it yet"],
  },
  {
    what: "a clean address that Google Threat Intelligence vouches for",
    virustotal: vt("address", "ip-clean-gti"),
    verdict: "clean",
    why: [
      "VirusTotal 0 of 94 engines; GTI: benign, severity none, score 0 of 100 (2025-08-13, 15 months old)",
      "AS15169 GOOGLE, US.",
    ],
  },
  {
    what: "a clean address",
    virustotal: vt("address", "ip-clean"),
    verdict: "clean",
    why: ["VirusTotal 0 of 93 engines", "AS15169 GOOGLE, US."],
  },
  {
    what: "a clean IPv6 address",
    virustotal: vt("address", "ip-v6-clean"),
    verdict: "clean",
    why: ["VirusTotal 0 of 94 engines (2025-08-13, 15 months old)", "AS15169 GOOGLE, US."],
  },
  {
    what: "one engine against a content network",
    virustotal: vt("address", "ip-clean", {
      last_analysis_stats: { malicious: 1, suspicious: 0, harmless: 80, undetected: 13 },
    }),
    verdict: "unknown",
    why: ["VirusTotal 1 of 94 engines, often a false positive", "AS15169 GOOGLE, US."],
  },
  {
    what: "one suspicious engine",
    virustotal: vt("address", "ip-clean", {
      last_analysis_stats: { malicious: 0, suspicious: 1, harmless: 80, undetected: 13 },
    }),
    verdict: "unknown",
    why: ["VirusTotal 0 of 94 engines, 1 suspicious, often a false positive", "AS15169 GOOGLE, US."],
  },
  {
    what: "two suspicious engines",
    virustotal: vt("address", "ip-clean", {
      last_analysis_stats: { malicious: 0, suspicious: 2, harmless: 80, undetected: 12 },
    }),
    verdict: "suspicious",
    why: ["VirusTotal 0 of 94 engines, 2 suspicious", "AS15169 GOOGLE, US."],
  },
  {
    what: "VirusTotal down",
    virustotal: failed,
    verdict: "unknown",
    why: ["VirusTotal not checked"],
    coverage: "notChecked",
  },
];

const domains: readonly Case[] = [
  {
    what: "a domain that six engines know",
    virustotal: vt("domain", "domain-malicious"),
    verdict: "malicious",
    why: ["VirusTotal 6 of 93 engines", "Registered 2016-12-29, 9 years old."],
  },
  {
    what: "one engine against google.com",
    virustotal: vt("domain", "domain-clean-one-engine-fp"),
    verdict: "unknown",
    why: ["VirusTotal 1 of 94 engines, often a false positive", "Registered 1997-09-15, 29 years old."],
  },
  {
    what: "a clean domain with bad votes",
    virustotal: vt("domain", "domain-malicious", {
      last_analysis_stats: { malicious: 0, suspicious: 0, harmless: 60, undetected: 30 },
      last_analysis_results: {},
    }),
    verdict: "clean",
    why: ["VirusTotal 0 of 90 engines", "Registered 2016-12-29, 9 years old."],
  },
  {
    what: "unknown to VirusTotal",
    virustotal: noRecord,
    verdict: "unknown",
    why: ["VirusTotal has no record"],
  },
];

const urls: readonly Case[] = [
  {
    what: "a command and control server",
    virustotal: vt("url", "url-malicious"),
    verdict: "malicious",
    why: ["VirusTotal 11 of 93 engines (2022-03-04, 4 years old)"],
  },
  {
    what: "phishing behind redirects",
    virustotal: vt("url", "url-redirect-phishing"),
    verdict: "malicious",
    why: [
      "VirusTotal 14 of 97 engines, 2 suspicious (2025-08-14, 15 months old)",
      "Page title: Sign in to your account.",
    ],
  },
  {
    what: "example.com, of bad reputation and with no detection",
    virustotal: vt("url", "url-clean-negative-reputation"),
    verdict: "clean",
    why: ["VirusTotal 0 of 71 engines (2019-10-19, 7 years old)", "Page title: Example Domain."],
  },
  {
    what: "a URL that was just analysed",
    virustotal: vt("url", "url-after-analysis"),
    verdict: "clean",
    why: ["VirusTotal 0 of 97 engines (2025-08-14, 15 months old)"],
  },
  {
    what: "a phishing page that is too new for engines",
    virustotal: vt("url", "url-after-analysis"),
    intezer: intezerUrl("url-malicious-phishing"),
    verdict: "malicious",
    why: [
      "VirusTotal 0 of 97 engines (2025-08-14, 15 months old)",
      "Intezer malicious, phishing (2026-07-08, 4 months old)",
      "VirusTotal disagrees and calls it clean.",
    ],
    disputed: true,
  },
  {
    what: "phishing that Intezer no longer sees",
    virustotal: vt("url", "url-redirect-phishing"),
    intezer: intezerUrl("url-no-threats"),
    verdict: "malicious",
    why: [
      "VirusTotal 14 of 97 engines, 2 suspicious (2025-08-14, 15 months old)",
      "Intezer no threats (2023-04-21, 3 years old)",
      "Page title: Sign in to your account.",
      "Intezer disagrees and calls it clean.",
    ],
    disputed: true,
  },
  {
    what: "a URL with a malicious download, unknown to VirusTotal",
    virustotal: noRecord,
    intezer: intezerUrl("url-malicious-with-download"),
    verdict: "malicious",
    why: ["VirusTotal has no record", "Intezer malicious, downloads a malicious file"],
  },
  {
    what: "a page without threats that delivers a malicious file",
    virustotal: noRecord,
    intezer: intezerUrl("url-no-threats", {
      downloaded_file: { analysis_summary: { verdict_type: "malicious" } },
    }),
    verdict: "malicious",
    why: [
      "VirusTotal has no record",
      "Intezer no threats, downloads a malicious file (2023-04-21, 3 years old)",
    ],
  },
  {
    what: "a page that delivers a harmless file",
    virustotal: noRecord,
    intezer: intezerUrl("url-no-threats", {
      downloaded_file: { analysis_summary: { verdict_type: "no_threats" } },
    }),
    verdict: "clean",
    why: ["VirusTotal has no record", "Intezer no threats (2023-04-21, 3 years old)"],
  },
  {
    what: "offline when Intezer opened it",
    virustotal: vt("url", "url-after-analysis"),
    intezer: offline,
    verdict: "clean",
    why: [
      "VirusTotal 0 of 97 engines (2025-08-14, 15 months old)",
      "Intezer The URL was offline when Intezer opened it",
    ],
  },
  {
    what: "offline, and unknown to VirusTotal",
    virustotal: noRecord,
    intezer: offline,
    verdict: "unknown",
    why: ["VirusTotal has no record", "Intezer The URL was offline when Intezer opened it"],
  },
  {
    what: "one engine, and Intezer found no threats",
    virustotal: vt("url", "url-after-analysis", {
      last_analysis_stats: { malicious: 1, suspicious: 0, harmless: 90, undetected: 0 },
    }),
    intezer: intezerUrl("url-no-threats"),
    verdict: "unknown",
    why: [
      "VirusTotal 1 of 91 engines, often a false positive (2025-08-14, 15 months old)",
      "Intezer no threats (2023-04-21, 3 years old)",
    ],
  },
  {
    what: "clean for VirusTotal while Intezer is still at work",
    virustotal: vt("url", "url-after-analysis"),
    intezer: analysing,
    verdict: "clean",
    why: ["VirusTotal 0 of 97 engines (2025-08-14, 15 months old)", "Intezer pending"],
    coverage: "notChecked",
  },
];

describe.each<[kind: IndicatorKind, cases: readonly Case[]]>([
  ["address", addresses],
  ["domain", domains],
  ["url", urls],
])("of kind %s", (kind, cases) => {
  test.each(cases)("$what: $verdict", (given) => {
    expect(judged(kind, given)).toEqual(expected(given));
  });
});
