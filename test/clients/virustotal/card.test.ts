import { describe, expect, it } from "vitest";
import { cardFrom } from "../../../clients/virustotal/card";
import type { IndicatorKind } from "../../../domain/indicators/indicator";
import { cardOf, now, type Replaced, sectionsOf } from "./card-setup";

const long = "漢".repeat(5000);

describe("cardFrom", () => {
  it("shows of a malicious file who found what, what matters most first", () => {
    const { sections = [] } = cardOf("file", "file-malicious-rich") ?? {};
    expect(sections.map(({ title }) => title)).toEqual([
      "Analyses",
      "Threat",
      "Sandboxes",
      "Crowdsourced Sigma Rules",
      "Crowdsourced IDS Rules",
      "Crowdsourced YARA Rules",
      "Community Score",
      "Basic Properties",
      "Signature Info",
      "History",
    ]);
    expect(sections.slice(0, 6).flatMap(({ rows }) => rows)).toEqual([
      ["Harmless", "0"],
      ["Malicious", "54"],
      ["Suspicious", "0"],
      ["Undetected", "21"],
      ["Engines", "Bkav (W32.AIDetectMalware.CS), AVG (Win32:CrypterX-gen [Trj]), tehtris (Generic.Malware)"],
      ["Label", "trojan.orcusrat/msil"],
      ["Categories", "trojan"],
      ["Families", "orcusrat, msil, orcus"],
      ["CAPE Sandbox", "malicious, RAT, MALWARE, OrcusRAT, HiddenVNC"],
      ["Zenbox", "malicious, MALWARE, STEALER, TROJAN, EVADER and 4 more"],
      ["Critical", "0"],
      ["High", "0"],
      ["Medium", "2"],
      ["Low", "0"],
      ["Rules", "Hidden Executable In NTFS Alternate Data Stream, Unsigned DLL Loaded by Windows Utility"],
      ["High", "0"],
      ["Medium", "0"],
      ["Low", "4"],
      ["Info", "0"],
      [
        "Rules",
        "(http_inspect) invalid status line, ET DNS Query to a *.top domain - Likely Hostile, INDICATOR-COMPROMISE Suspicious .top dns query and 1 more",
      ],
      [
        "Rules",
        "Agenttesla_type2, SUSP_NET_Msil_Suspicious_Use_StrReverse, INDICATOR_EXE_Packed_Fody, INDICATOR_SUSPICIOUS_GENInfoStealer",
      ],
    ]);
  });

  it("shows of a clean file who vouches for it, who signed it, and its history", () => {
    const sections = sectionsOf("file", "file-clean-signed-trusted");
    expect(sections["Basic Properties"]).toEqual([
      ["Name", "contoso-agent.exe"],
      ["Also named", "agent.exe"],
      ["MD5", "5df66a1e1901b8b87e8df75702d834f0"],
      ["SHA-1", "71191742037821c04bd6f94be1ed8f1cd8a3c536"],
      ["SHA-256", "d4ab90c44194293c4b4317d34712ae33260057888bd9ea0260f414f5b8f1bdb7"],
      ["File type", "Win32 EXE"],
      ["Magic", "PE32+ executable (GUI) x86-64, for MS Windows"],
      ["File size", "201216 bytes"],
      ["Tags", "64bits, signed, peexe, overlay, trusted"],
    ]);
    expect(sections["Known source"]).toEqual([
      ["Organization", "Contoso Corporation"],
      ["File name", "contoso-agent.exe"],
    ]);
    expect(sections["Signature Info"]).toEqual([
      ["Signature verification", "Signed"],
      ["Signers", "Contoso Corporation; Contoso Code Signing CA; Contoso Root CA"],
      ["Copyright", "© Contoso Corporation. All rights reserved."],
      ["Product", "Contoso® Endpoint Agent"],
      ["Description", "Contoso Endpoint Agent"],
      ["Original name", "contoso-agent.exe"],
      ["Internal name", "contoso-agent"],
      ["File version", "10.4.19041.1"],
      ["Date signed", "09:05 AM 02/01/2024"],
    ]);
    expect(sections.History).toEqual([
      ["Creation Time", "2024-02-01 00:00 UTC"],
      ["First Submission", "2024-02-03 22:40 UTC"],
      ["Last Submission", "2025-08-11 08:13 UTC"],
      ["Last Analysis", "2025-08-11 08:15 UTC"],
      ["Last Change of the Record", "2025-08-11 09:10 UTC"],
      ["Submitted", "412 times from 97 sources"],
    ]);
  });

  it("names the distributor of a file", () => {
    const [row] = sectionsOf("file", "file-known-distributor")["Known source"] ?? [];
    expect(row).toEqual(["Distributed with", expect.stringContaining("Linux")]);
  });

  it("names the engines that call it malicious before those that call it suspicious, eight in all", () => {
    const engine = (category: string, result: string | null) => ({ category, result });
    const found = Object.fromEntries([
      ["Quiet", engine("undetected", null)],
      ["Doubtful", engine("suspicious", null)],
      ...Array.from({ length: 9 }, (_, i) => [`Sure ${i}`, engine("malicious", "trojan")]),
    ]);
    const { Analyses = [] } = sectionsOf("url", "url-malicious", { last_analysis_results: found });
    expect(Analyses.at(-1)?.[1]).toMatch(/^Sure 0 \(trojan\), Sure 1 .* Sure 7 \(trojan\) and 2 more$/);
  });

  it("names the rules of the worst level first", () => {
    const sections = sectionsOf("file", "file-by-sha1", {
      sigma_analysis_stats: { critical: 1, low: 2 },
      sigma_analysis_results: [
        { rule_level: "low", rule_title: "Low A" },
        { rule_title: "No level" },
        null,
        { rule_level: "critical", rule_title: "Critical" },
        { rule_level: "low", rule_title: "Low B" },
      ],
    });
    expect(sections["Crowdsourced Sigma Rules"]?.at(-1)).toEqual([
      "Rules",
      "Critical, Low A, Low B and 1 more",
    ]);
  });

  it("reads names of threats as objects and as pairs", () => {
    const threat = { popular_threat_name: [["emotet", 12], { value: "heodo", count: 3 }, ["a"], 7] };
    const { Threat } = sectionsOf("file", "file-malicious-rich", { popular_threat_classification: threat });
    expect(Threat).toEqual([["Families", "emotet, heodo, a"]]);
  });

  it("takes a date of 0 for no date, and says of a count that it cannot be read", () => {
    const sections = sectionsOf("file", "file-clean-minimal", {
      creation_date: 0,
      first_submission_date: -1,
      last_analysis_stats: { malicious: null, suspicious: 0, undetected: 70, harmless: 0 },
    });
    expect(sections.History?.map(([label]) => label)).not.toContain("Creation Time");
    expect(sections.History?.map(([label]) => label)).not.toContain("First Submission");
    expect(sections.Analyses).toContainEqual(["Malicious", "unreadable"]);
  });

  it("shows no folder of a user's machine", () => {
    const path = "C:\\Users\\jane.doe\\x.exe";
    const card = cardOf("file", "file-clean-signed-trusted", {
      meaningful_name: path,
      names: [path, "\\\\srv\\jane.doe$\\y.exe", "/home/jane.doe/", "/home/jane.doe/z"],
      trusted_verdict: { filename: path, organization: "Contoso", verdict: "goodware" },
      signature_info: { verified: "Signed", "original name": path, "internal name": path },
    });
    expect(JSON.stringify(card)).not.toContain("jane.doe");
    expect(JSON.stringify(card)).toContain("y.exe, z");
  });

  it("has neither row nor section of what the report does not have", () => {
    const sections = sectionsOf("file", "file-malicious-no-name");
    expect(Object.keys(sections)).not.toContain("Known source");
    expect(Object.keys(sections)).not.toContain("Crowdsourced IDS Rules");
    expect(sections["Basic Properties"]?.map(([label]) => label)).not.toContain("Name");
    expect(sectionsOf("address", "ip-without-analysis").Analyses).toBeUndefined();
    const all = (["file", "address", "domain", "url"] as const).map((kind) => cardFrom(kind, {}, now));
    expect(all).toEqual([undefined, undefined, undefined, undefined]);
  });

  it.each<[kind: IndicatorKind, name: string, replaced: Replaced]>([
    [
      "file",
      "file-malicious-rich",
      { meaningful_name: long, magic: long, signature_info: { verified: long, signers: long } },
    ],
    [
      "url",
      "url-redirect-phishing",
      {
        redirection_chain: Array(9).fill(`http://${long}`),
        title: long,
        categories: { a: long },
        threat_names: [long],
        last_analysis_results: { a: { category: "malicious", engine_name: long, result: long } },
        last_final_url: long,
      },
    ],
  ])("keeps the card of a %s within 4 KB in characters of many bytes: the last sections go", (...given) => {
    const card = cardOf(...given);
    expect(Buffer.byteLength(JSON.stringify(card))).toBeLessThanOrEqual(4 * 1024);
    const titles = card?.sections.map(({ title }) => title);
    expect(titles?.slice(0, 2)).toEqual(["Analyses", "Threat"]);
    expect(titles).not.toContain("History");
  });
});
