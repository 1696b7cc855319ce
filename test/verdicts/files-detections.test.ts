import { describe, expect, test } from "vitest";
import { noRecord } from "../support/reports";
import { type Case, engines, expected, judged, quotaSpent, vt } from "../support/verdict-case";

const timedOut = (undetected: number, timeout: number) => ({
  last_analysis_stats: { malicious: 0, suspicious: 0, harmless: 0, undetected, timeout },
});

const cases: readonly Case[] = [
  {
    what: "two engines found nothing, the others timed out",
    virustotal: vt("file", "file-clean-minimal", timedOut(2, 60)),
    verdict: "unknown",
    why: [
      "VirusTotal 0 of 2 engines, too few opinions to call it clean, 60 timed out (2025-08-14, 15 months old)",
      "Text.",
    ],
  },
  {
    what: "twelve engines found nothing, the others timed out",
    virustotal: vt("file", "file-clean-minimal", timedOut(12, 60)),
    verdict: "clean",
    why: ["VirusTotal 0 of 12 engines, 60 timed out (2025-08-14, 15 months old)", "Text."],
  },
  {
    what: "of seventy engines one timed out",
    virustotal: vt("file", "file-clean-minimal", timedOut(70, 1)),
    verdict: "clean",
    why: ["VirusTotal 0 of 70 engines (2025-08-14, 15 months old)", "Text."],
  },
  {
    what: "a trojan that most engines know",
    virustotal: vt("file", "file-malicious-rich"),
    verdict: "malicious",
    why: ["VirusTotal 54 of 75 engines (2024-07-29, 2 years old)", "Win32 EXE."],
  },
  {
    what: "malware without a name",
    virustotal: vt("file", "file-malicious-no-name"),
    verdict: "malicious",
    why: ["VirusTotal 47 of 65 engines (2021-11-09, 5 years old)", "Win32 DLL."],
  },
  {
    what: "malware asked for by its SHA-1",
    virustotal: vt("file", "file-by-sha1"),
    verdict: "malicious",
    why: ["VirusTotal 47 of 65 engines (2021-11-09, 5 years old)", "Win32 DLL."],
  },
  {
    what: "a harmless text file",
    virustotal: vt("file", "file-clean-minimal"),
    verdict: "clean",
    why: ["VirusTotal 0 of 63 engines (2025-08-14, 15 months old)", "Text."],
  },
  {
    what: "signed, but the certificate was revoked",
    virustotal: vt("file", "file-signed-bad-certificate"),
    verdict: "clean",
    why: [
      "VirusTotal 0 of 72 engines (2024-11-30, 23 months old)",
      "Win32 DLL, invalid signature by Embarcadero Technologies Inc.: invalid-signature, revoked-cert.",
    ],
  },
  {
    what: "signed, revoked, and one engine",
    virustotal: vt("file", "file-signed-bad-certificate", {
      last_analysis_stats: { malicious: 1, suspicious: 0, harmless: 0, undetected: 71 },
    }),
    verdict: "unknown",
    why: [
      "VirusTotal 1 of 72 engines, often a false positive (2024-11-30, 23 months old)",
      "Win32 DLL, invalid signature by Embarcadero Technologies Inc.: invalid-signature, revoked-cert.",
    ],
  },
  {
    what: "an invalid signature as text, two engines",
    virustotal: engines(2, 70, {
      signature_info: { verified: "A certificate was explicitly revoked by its issuer." },
    }),
    verdict: "suspicious",
    why: [
      "VirusTotal 2 of 70 engines (2025-08-14, 15 months old)",
      "Text, invalid signature: A certificate was explicitly revoked by its issuer.",
    ],
  },
  {
    what: "properly signed malware",
    virustotal: engines(30, 70, { signature_info: { verified: "Signed", signers: "Stolen Ltd; CA" } }),
    verdict: "malicious",
    why: ["VirusTotal 30 of 70 engines (2025-08-14, 15 months old)", "Text, signed by Stolen Ltd."],
  },
  {
    what: "two engines",
    virustotal: engines(2, 70),
    verdict: "suspicious",
    why: ["VirusTotal 2 of 70 engines (2025-08-14, 15 months old)", "Text."],
  },
  {
    what: "four engines",
    virustotal: engines(4, 70),
    verdict: "suspicious",
    why: ["VirusTotal 4 of 70 engines (2025-08-14, 15 months old)", "Text."],
  },
  {
    what: "five engines",
    virustotal: engines(5, 70),
    verdict: "malicious",
    why: ["VirusTotal 5 of 70 engines (2025-08-14, 15 months old)", "Text."],
  },
  {
    what: "not yet analysed",
    virustotal: vt("file", "file-not-yet-analysed"),
    verdict: "unknown",
    why: ["VirusTotal has a record, but no engine has analysed it yet"],
  },
  {
    what: "only engines that gave up",
    virustotal: engines(0, 0, {
      last_analysis_stats: {
        malicious: 0,
        suspicious: 0,
        harmless: 0,
        undetected: 0,
        timeout: 9,
        failure: 3,
        "type-unsupported": 60,
      },
    }),
    verdict: "unknown",
    why: ["VirusTotal has a record, but no engine has analysed it yet"],
  },
  {
    what: "bad reputation and votes without detections",
    virustotal: engines(0, 70, { reputation: -500, total_votes: { malicious: 99, harmless: 0 } }),
    verdict: "clean",
    why: ["VirusTotal 0 of 70 engines (2025-08-14, 15 months old)", "Text."],
  },
  {
    what: "good reputation and many detections",
    virustotal: engines(20, 70, { reputation: 900 }),
    verdict: "malicious",
    why: ["VirusTotal 20 of 70 engines (2025-08-14, 15 months old)", "Text."],
  },
  {
    what: "unknown to VirusTotal",
    virustotal: noRecord,
    verdict: "unknown",
    why: ["VirusTotal has no record"],
  },
  {
    what: "not asked for lack of quota",
    virustotal: quotaSpent,
    verdict: "unknown",
    why: ["VirusTotal not checked"],
    coverage: "notChecked",
  },
];

describe("a file, by what engines say of it", () => {
  test.each(cases)("$what: $verdict", (given) => {
    expect(judged("file", given)).toEqual(expected(given));
  });
});
