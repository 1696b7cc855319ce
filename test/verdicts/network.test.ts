import { describe, expect, test } from "vitest";
import type { IndicatorKind } from "../../domain/indicators/indicator";
import {
  analysing,
  type Case,
  expected,
  failed,
  intezerUrl,
  judged,
  notKnown,
  vt,
} from "../support/verdict-case";

const offline = { kind: "notKnown", reason: "The URL was offline when Intezer opened it" } as const;

const addresses: readonly Case[] = [
  {
    what: "four engines against an address with a good reputation",
    virustotal: vt("address", "ip-malicious"),
    verdict: "suspicious",
    why: ["VirusTotal: 4 of 93 engines call it malicious."],
  },
  {
    what: "four engines against everybody's resolver, 1.1.1.1",
    virustotal: vt("address", "ip-no-geo-false-positive"),
    verdict: "suspicious",
    why: ["VirusTotal: 4 of 94 engines call it malicious."],
  },
  {
    what: "the same address in 2019, without any analysis",
    virustotal: vt("address", "ip-without-analysis"),
    verdict: "unknown",
    why: ["VirusTotal: has a record, but no engine has analysed it yet."],
  },
  {
    what: "a clean address that Google Threat Intelligence vouches for",
    virustotal: vt("address", "ip-clean-gti"),
    verdict: "clean",
    why: [
      "VirusTotal: None of 94 engines found anything.",
      "VirusTotal: Google Threat Intelligence says: benign, severity none, score 0 of 100.",
    ],
  },
  {
    what: "a clean address",
    virustotal: vt("address", "ip-clean"),
    verdict: "clean",
    why: ["VirusTotal: None of 93 engines found anything."],
  },
  {
    what: "a clean IPv6 address",
    virustotal: vt("address", "ip-v6-clean"),
    verdict: "clean",
    why: ["VirusTotal: None of 94 engines found anything."],
  },
  {
    what: "one engine against a content network",
    virustotal: vt("address", "ip-clean", {
      last_analysis_stats: { malicious: 1, suspicious: 0, harmless: 80, undetected: 13 },
    }),
    verdict: "unknown",
    why: ["VirusTotal: Only one engine of 94, often a false positive."],
  },
  {
    what: "one suspicious engine",
    virustotal: vt("address", "ip-clean", {
      last_analysis_stats: { malicious: 0, suspicious: 1, harmless: 80, undetected: 13 },
    }),
    verdict: "unknown",
    why: ["VirusTotal: Only one engine of 94, often a false positive."],
  },
  {
    what: "two suspicious engines",
    virustotal: vt("address", "ip-clean", {
      last_analysis_stats: { malicious: 0, suspicious: 2, harmless: 80, undetected: 12 },
    }),
    verdict: "suspicious",
    why: ["VirusTotal: 2 of 94 engines call it suspicious, none malicious."],
  },
  { what: "VirusTotal down", virustotal: failed, verdict: "unknown", why: [], coverage: "notChecked" },
];

const domains: readonly Case[] = [
  {
    what: "a domain that six engines know",
    virustotal: vt("domain", "domain-malicious"),
    verdict: "malicious",
    why: ["VirusTotal: 6 of 93 engines call it malicious."],
  },
  {
    what: "one engine against google.com",
    virustotal: vt("domain", "domain-clean-one-engine-fp"),
    verdict: "unknown",
    why: ["VirusTotal: Only one engine of 94, often a false positive."],
  },
  {
    what: "a clean domain with bad votes",
    virustotal: vt("domain", "domain-malicious", {
      last_analysis_stats: { malicious: 0, suspicious: 0, harmless: 60, undetected: 30 },
      last_analysis_results: {},
    }),
    verdict: "clean",
    why: ["VirusTotal: None of 90 engines found anything."],
  },
  {
    what: "unknown to VirusTotal",
    virustotal: notKnown,
    verdict: "unknown",
    why: ["VirusTotal: has no record."],
  },
];

const urls: readonly Case[] = [
  {
    what: "a command and control server",
    virustotal: vt("url", "url-malicious"),
    verdict: "malicious",
    why: ["VirusTotal: 11 of 93 engines call it malicious.", "VirusTotal: Threats: C2/Generic-A."],
  },
  {
    what: "phishing behind redirects",
    virustotal: vt("url", "url-redirect-phishing"),
    verdict: "malicious",
    why: [
      "VirusTotal: 14 of 97 engines call it malicious, 2 suspicious.",
      "VirusTotal: Threats: Mal/HTMLGen-A.",
    ],
  },
  {
    what: "example.com, of bad reputation and with no detection",
    virustotal: vt("url", "url-clean-negative-reputation"),
    verdict: "clean",
    why: ["VirusTotal: None of 71 engines found anything."],
  },
  {
    what: "a URL that was just analysed",
    virustotal: vt("url", "url-after-analysis"),
    verdict: "clean",
    why: ["VirusTotal: None of 97 engines found anything."],
  },
  {
    what: "a phishing page that is too new for engines",
    virustotal: vt("url", "url-after-analysis"),
    intezer: intezerUrl("url-malicious-phishing"),
    verdict: "malicious",
    why: [
      "Intezer: Verdict malicious (phishing). The providers disagree: VirusTotal calls it clean.",
      "Intezer: This URL hosts a phishing page.",
      "Intezer: Found malicious: Phishing page.",
      "Intezer: Found suspicious: Domain was created recently.",
    ],
    disputed: true,
  },
  {
    what: "phishing that Intezer no longer sees",
    virustotal: vt("url", "url-redirect-phishing"),
    intezer: intezerUrl("url-no-threats"),
    verdict: "malicious",
    why: [
      "VirusTotal: 14 of 97 engines call it malicious, 2 suspicious. The providers disagree: Intezer calls it clean.",
      "VirusTotal: Threats: Mal/HTMLGen-A.",
    ],
    disputed: true,
  },
  {
    what: "a URL with a malicious download, unknown to VirusTotal",
    virustotal: notKnown,
    intezer: intezerUrl("url-malicious-with-download"),
    verdict: "malicious",
    why: ["Intezer: It downloads a malicious file.", "Intezer: Verdict malicious."],
  },
  {
    what: "a page without threats that delivers a malicious file",
    virustotal: notKnown,
    intezer: intezerUrl("url-no-threats", {
      downloaded_file: { analysis_summary: { verdict_type: "malicious" } },
    }),
    verdict: "malicious",
    why: [
      "Intezer: It downloads a malicious file.",
      "Intezer: Verdict no threats.",
      "Intezer: No suspicious activity was detected for this URL.",
    ],
  },
  {
    what: "a page that delivers a harmless file",
    virustotal: notKnown,
    intezer: intezerUrl("url-no-threats", {
      downloaded_file: { analysis_summary: { verdict_type: "no_threats" } },
    }),
    verdict: "clean",
    why: ["Intezer: Verdict no threats.", "Intezer: No suspicious activity was detected for this URL."],
  },
  {
    what: "offline when Intezer opened it",
    virustotal: vt("url", "url-after-analysis"),
    intezer: offline,
    verdict: "clean",
    why: ["VirusTotal: None of 97 engines found anything."],
  },
  {
    what: "offline, and unknown to VirusTotal",
    virustotal: notKnown,
    intezer: offline,
    verdict: "unknown",
    why: ["VirusTotal: has no record.", "Intezer: The URL was offline when Intezer opened it."],
  },
  {
    what: "one engine, and Intezer found no threats",
    virustotal: vt("url", "url-after-analysis", {
      last_analysis_stats: { malicious: 1, suspicious: 0, harmless: 90, undetected: 0 },
    }),
    intezer: intezerUrl("url-no-threats"),
    verdict: "unknown",
    why: ["VirusTotal: Only one engine of 91, often a false positive."],
  },
  {
    what: "clean for VirusTotal while Intezer is still at work",
    virustotal: vt("url", "url-after-analysis"),
    intezer: analysing,
    verdict: "clean",
    why: ["VirusTotal: None of 97 engines found anything."],
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
