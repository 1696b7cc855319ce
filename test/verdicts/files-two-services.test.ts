import { describe, expect, test } from "vitest";
import {
  analysing,
  type Case,
  engines,
  expected,
  failed,
  intezerFile,
  judged,
  noCopy,
  notKnown,
  vt,
} from "../support/verdict-case";

const cases: readonly Case[] = [
  {
    what: "both call it malicious",
    virustotal: vt("file", "file-malicious-rich"),
    intezer: intezerFile("file-malicious"),
    verdict: "malicious",
    why: [
      "VirusTotal: 54 of 75 engines call it malicious.",
      "Intezer: Verdict malicious (known malicious), family Carbanak.",
      "VirusTotal: Called malicious by sandboxes: CAPE Sandbox, Zenbox.",
      "VirusTotal: Threat label: trojan.orcusrat/msil.",
    ],
  },
  {
    what: "only Intezer calls it malicious",
    virustotal: engines(0, 70),
    intezer: intezerFile("file-malicious-no-family-id"),
    verdict: "malicious",
    why: ["Intezer: Verdict malicious, family Cedar. The providers disagree: VirusTotal calls it clean."],
    disputed: true,
  },
  {
    what: "only VirusTotal calls it malicious",
    virustotal: engines(20, 70),
    intezer: intezerFile("file-no-threats"),
    verdict: "malicious",
    why: ["VirusTotal: 20 of 70 engines call it malicious. The providers disagree: Intezer calls it clean."],
    disputed: true,
  },
  {
    what: "twenty engines against Intezer's trust",
    virustotal: engines(20, 70),
    intezer: intezerFile("file-trusted"),
    verdict: "malicious",
    why: ["VirusTotal: 20 of 70 engines call it malicious. The providers disagree: Intezer calls it clean."],
    disputed: true,
  },
  {
    what: "three engines against Intezer's trust",
    virustotal: engines(3, 70),
    intezer: intezerFile("file-trusted"),
    verdict: "suspicious",
    why: ["VirusTotal: 3 of 70 engines call it malicious. The providers disagree: Intezer calls it clean."],
    disputed: true,
  },
  {
    what: "one engine against Intezer's trust",
    virustotal: engines(1, 70),
    intezer: intezerFile("file-trusted"),
    verdict: "clean",
    why: [
      "VirusTotal: Only one engine of 70, often a false positive.",
      "Intezer: Verdict trusted (known trusted).",
    ],
  },
  {
    what: "one engine, and Intezer found no threats",
    virustotal: engines(1, 70),
    intezer: intezerFile("file-no-threats"),
    verdict: "unknown",
    why: ["VirusTotal: Only one engine of 70, often a false positive."],
  },
  {
    what: "one engine, and Intezer could not decide",
    virustotal: engines(1, 70),
    intezer: intezerFile("file-unknown"),
    verdict: "unknown",
    why: [
      "VirusTotal: Only one engine of 70, often a false positive.",
      "Intezer: Verdict unknown (inconclusive).",
    ],
  },
  {
    what: "no engine, and Intezer could not decide",
    virustotal: engines(0, 70),
    intezer: intezerFile("file-unknown"),
    verdict: "unknown",
    why: ["Intezer: Verdict unknown (inconclusive)."],
  },
  {
    what: "an administration tool that no engine minds",
    virustotal: vt("file", "file-clean-signed-trusted"),
    intezer: intezerFile("file-suspicious-admin-tool"),
    verdict: "suspicious",
    why: [
      "Intezer: Verdict suspicious (administration tool), family PsExec. The providers disagree: VirusTotal calls it clean.",
    ],
    disputed: true,
  },
  {
    what: "a type that Intezer does not analyse",
    virustotal: engines(0, 70),
    intezer: intezerFile("file-not-supported"),
    verdict: "clean",
    why: ["VirusTotal: None of 70 engines found anything."],
  },
  {
    what: "unknown to VirusTotal, of a type that Intezer does not analyse",
    virustotal: notKnown,
    intezer: intezerFile("file-not-supported"),
    verdict: "unknown",
    why: ["VirusTotal: has no record.", "Intezer: does not analyse files of this type."],
  },
  {
    what: "unknown to VirusTotal, trusted by Intezer",
    virustotal: notKnown,
    intezer: intezerFile("file-trusted"),
    verdict: "clean",
    why: ["Intezer: Verdict trusted (known trusted)."],
  },
  {
    what: "not yet analysed by VirusTotal, no threats for Intezer",
    virustotal: vt("file", "file-not-yet-analysed"),
    intezer: intezerFile("file-no-threats"),
    verdict: "clean",
    why: ["Intezer: Verdict no threats."],
  },
  {
    what: "unknown to both",
    virustotal: notKnown,
    intezer: noCopy,
    verdict: "unknown",
    why: ["VirusTotal: has no record.", "Intezer: has no copy of the file."],
  },
  {
    what: "VirusTotal down, trusted by Intezer",
    virustotal: failed,
    intezer: intezerFile("file-trusted"),
    verdict: "clean",
    why: ["Intezer: Verdict trusted (known trusted)."],
    coverage: "notChecked",
  },
  {
    what: "VirusTotal down, malicious for Intezer",
    virustotal: failed,
    intezer: intezerFile("files-latest"),
    verdict: "malicious",
    why: ["Intezer: Verdict malicious (known malicious), family Turla."],
    coverage: "notChecked",
  },
  {
    what: "clean for VirusTotal while Intezer is still at work",
    virustotal: engines(0, 70),
    intezer: analysing,
    verdict: "clean",
    why: ["VirusTotal: None of 70 engines found anything."],
    coverage: "notChecked",
  },
  {
    what: "neutral for Intezer",
    virustotal: engines(0, 70),
    intezer: intezerFile("file-no-threats", { verdict: "neutral", sub_verdict: null }),
    verdict: "clean",
    why: ["VirusTotal: None of 70 engines found anything.", "Intezer: Verdict neutral."],
  },
  {
    what: "a verdict Intezer has never given before",
    virustotal: engines(0, 70),
    intezer: intezerFile("file-unknown", { verdict: "blocklisted", sub_verdict: "custom_rule" }),
    verdict: "unknown",
    why: ['Intezer: Verdict "blocklisted" (custom rule).'],
  },
];

describe("a file, by VirusTotal and Intezer", () => {
  test.each(cases)("$what: $verdict", (given) => {
    expect(judged("file", given)).toEqual(expected(given));
  });
});
