import { describe, expect, test } from "vitest";
import { noCopy, noRecord } from "../support/reports";
import {
  analysing,
  type Case,
  engines,
  expected,
  failed,
  intezerFile,
  judged,
  vt,
} from "../support/verdict-case";

const cases: readonly Case[] = [
  {
    what: "both call it malicious",
    virustotal: vt("file", "file-malicious-rich"),
    intezer: intezerFile("file-malicious"),
    verdict: "malicious",
    why: [
      "VirusTotal 54 of 75 engines (2024-07-29, 2 years old)",
      "Intezer malicious, Carbanak (2022-02-22, 4 years old)",
      "Win32 EXE.",
    ],
  },
  {
    what: "only Intezer calls it malicious",
    virustotal: engines(0, 70),
    intezer: intezerFile("file-malicious-no-family-id"),
    verdict: "malicious",
    why: [
      "VirusTotal 0 of 70 engines (2025-08-14, 15 months old)",
      "Intezer malicious, Cedar (2018-11-13, 8 years old)",
      "Text.",
      "VirusTotal disagrees and calls it clean.",
    ],
    disputed: true,
  },
  {
    what: "only VirusTotal calls it malicious",
    virustotal: engines(20, 70),
    intezer: intezerFile("file-no-threats"),
    verdict: "malicious",
    why: [
      "VirusTotal 20 of 70 engines (2025-08-14, 15 months old)",
      "Intezer no threats (2026-07-08, 4 months old)",
      "Text.",
      "Intezer disagrees and calls it clean.",
    ],
    disputed: true,
  },
  {
    what: "twenty engines against Intezer's trust",
    virustotal: engines(20, 70),
    intezer: intezerFile("file-trusted"),
    verdict: "malicious",
    why: [
      "VirusTotal 20 of 70 engines (2025-08-14, 15 months old)",
      "Intezer trusted (2026-07-08, 4 months old)",
      "Text.",
      "Intezer disagrees and calls it clean.",
    ],
    disputed: true,
  },
  {
    what: "three engines against Intezer's trust",
    virustotal: engines(3, 70),
    intezer: intezerFile("file-trusted"),
    verdict: "suspicious",
    why: [
      "VirusTotal 3 of 70 engines (2025-08-14, 15 months old)",
      "Intezer trusted (2026-07-08, 4 months old)",
      "Text.",
      "Intezer disagrees and calls it clean.",
    ],
    disputed: true,
  },
  {
    what: "one engine against Intezer's trust",
    virustotal: engines(1, 70),
    intezer: intezerFile("file-trusted"),
    verdict: "clean",
    why: [
      "VirusTotal 1 of 70 engines, often a false positive (2025-08-14, 15 months old)",
      "Intezer trusted (2026-07-08, 4 months old)",
      "Text.",
      "Intezer lists it as known good, which outweighs VirusTotal.",
    ],
  },
  {
    what: "one engine, and Intezer found no threats",
    virustotal: engines(1, 70),
    intezer: intezerFile("file-no-threats"),
    verdict: "unknown",
    why: [
      "VirusTotal 1 of 70 engines, often a false positive (2025-08-14, 15 months old)",
      "Intezer no threats (2026-07-08, 4 months old)",
      "Text.",
    ],
  },
  {
    what: "one engine, and Intezer could not decide",
    virustotal: engines(1, 70),
    intezer: intezerFile("file-unknown"),
    verdict: "unknown",
    why: [
      "VirusTotal 1 of 70 engines, often a false positive (2025-08-14, 15 months old)",
      "Intezer unknown, inconclusive (2023-07-24, 3 years old)",
      "Text.",
    ],
  },
  {
    what: "no engine, and Intezer could not decide",
    virustotal: engines(0, 70),
    intezer: intezerFile("file-unknown"),
    verdict: "unknown",
    why: [
      "VirusTotal 0 of 70 engines (2025-08-14, 15 months old)",
      "Intezer unknown, inconclusive (2023-07-24, 3 years old)",
      "Text.",
    ],
  },
  {
    what: "an administration tool that no engine minds",
    virustotal: vt("file", "file-clean-signed-trusted"),
    intezer: intezerFile("file-suspicious-admin-tool"),
    verdict: "suspicious",
    why: [
      "VirusTotal 0 of 72 engines (2025-08-11, 15 months old)",
      "Intezer suspicious, administration tool, PsExec (2026-07-08, 4 months old)",
      "Win32 EXE, signed by Contoso Corporation.",
      "VirusTotal disagrees and calls it clean.",
    ],
    disputed: true,
  },
  {
    what: "a type that Intezer does not analyse",
    virustotal: engines(0, 70),
    intezer: intezerFile("file-not-supported"),
    verdict: "clean",
    why: [
      "VirusTotal 0 of 70 engines (2025-08-14, 15 months old)",
      "Intezer does not analyse files of this type",
      "Text.",
    ],
  },
  {
    what: "unknown to VirusTotal, of a type that Intezer does not analyse",
    virustotal: noRecord,
    intezer: intezerFile("file-not-supported"),
    verdict: "unknown",
    why: ["VirusTotal has no record", "Intezer does not analyse files of this type"],
  },
  {
    what: "unknown to VirusTotal, trusted by Intezer",
    virustotal: noRecord,
    intezer: intezerFile("file-trusted"),
    verdict: "clean",
    why: ["VirusTotal has no record", "Intezer trusted (2026-07-08, 4 months old)"],
  },
  {
    what: "not yet analysed by VirusTotal, no threats for Intezer",
    virustotal: vt("file", "file-not-yet-analysed"),
    intezer: intezerFile("file-no-threats"),
    verdict: "clean",
    why: [
      "VirusTotal has a record, but no engine has analysed it yet",
      "Intezer no threats (2026-07-08, 4 months old)",
    ],
  },
  {
    what: "unknown to both",
    virustotal: noRecord,
    intezer: noCopy,
    verdict: "unknown",
    why: ["VirusTotal has no record", "Intezer has no copy of the file"],
  },
  {
    what: "VirusTotal down, trusted by Intezer",
    virustotal: failed,
    intezer: intezerFile("file-trusted"),
    verdict: "clean",
    why: ["VirusTotal not checked", "Intezer trusted (2026-07-08, 4 months old)"],
    coverage: "notChecked",
  },
  {
    what: "VirusTotal down, malicious for Intezer",
    virustotal: failed,
    intezer: intezerFile("files-latest"),
    verdict: "malicious",
    why: ["VirusTotal not checked", "Intezer malicious, Turla (2019-02-14, 7 years old)"],
    coverage: "notChecked",
  },
  {
    what: "clean for VirusTotal while Intezer is still at work",
    virustotal: engines(0, 70),
    intezer: analysing,
    verdict: "clean",
    why: ["VirusTotal 0 of 70 engines (2025-08-14, 15 months old)", "Intezer pending", "Text."],
    coverage: "notChecked",
  },
  {
    what: "neutral for Intezer",
    virustotal: engines(0, 70),
    intezer: intezerFile("file-no-threats", { verdict: "neutral", sub_verdict: null }),
    verdict: "clean",
    why: [
      "VirusTotal 0 of 70 engines (2025-08-14, 15 months old)",
      "Intezer neutral (2026-07-08, 4 months old)",
      "Text.",
    ],
  },
  {
    what: "a verdict Intezer has never given before",
    virustotal: engines(0, 70),
    intezer: intezerFile("file-unknown", { verdict: "blocklisted", sub_verdict: "custom_rule" }),
    verdict: "unknown",
    why: [
      "VirusTotal 0 of 70 engines (2025-08-14, 15 months old)",
      "Intezer blocklisted (2023-07-24, 3 years old)",
      "Text.",
    ],
  },
];

describe("a file, by VirusTotal and Intezer", () => {
  test.each(cases)("$what: $verdict", (given) => {
    expect(judged("file", given)).toEqual(expected(given));
  });
});
