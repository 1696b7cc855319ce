import { describe, expect, it } from "vitest";
import { cardFrom } from "../../../clients/virustotal/card";
import type { IndicatorKind } from "../../../domain/indicator";
import { reportOf } from "../../support/virustotal-fixtures";

const sectionsOf = (kind: IndicatorKind, name: string, replaced?: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    cardFrom(kind, reportOf(name, replaced).attributes)?.sections.map(({ title, rows }) => [title, rows]) ??
      [],
  );

describe("cardFrom", () => {
  it("shows of a file all that the replaced playbook showed", () => {
    const sections = sectionsOf("file", "file-clean-signed-trusted", {
      sigma_analysis_stats: { critical: 1, high: 2, medium: 3, low: 0 },
      crowdsourced_ids_stats: { high: 4, medium: 5, low: 6, info: 0 },
    });
    expect(Object.entries(sections)).toEqual([
      [
        "Crowdsourced Sigma Rules",
        [
          ["Critical", "1"],
          ["High", "2"],
          ["Medium", "3"],
          ["Low", "0"],
        ],
      ],
      [
        "Crowdsourced IDS Rules",
        [
          ["High", "4"],
          ["Medium", "5"],
          ["Low", "6"],
          ["Info", "0"],
        ],
      ],
      [
        "Analyses",
        [
          ["Harmless", "0"],
          ["Malicious", "0"],
          ["Suspicious", "0"],
          ["Undetected", "72"],
        ],
      ],
      [
        "Community Score",
        [
          ["Malicious", "0"],
          ["Harmless", "3"],
        ],
      ],
      [
        "Basic Properties",
        [
          ["Name", "contoso-agent.exe"],
          ["MD5", "5df66a1e1901b8b87e8df75702d834f0"],
          ["SHA-1", "71191742037821c04bd6f94be1ed8f1cd8a3c536"],
          ["SHA-256", "d4ab90c44194293c4b4317d34712ae33260057888bd9ea0260f414f5b8f1bdb7"],
          ["File type", "Win32 EXE"],
          ["Magic", "PE32+ executable (GUI) x86-64, for MS Windows"],
          ["File size", "201216 bytes"],
        ],
      ],
      [
        "History",
        [
          ["Creation Time", "2024-02-01 00:00 UTC"],
          ["First Submission", "2024-02-03 22:40 UTC"],
          ["Last Submission", "2025-08-11 08:13 UTC"],
          ["Last Analysis", "2025-08-11 08:15 UTC"],
          ["Last Change of the Record", "2025-08-11 09:10 UTC"],
        ],
      ],
      [
        "Known source",
        [
          ["Organization", "Contoso Corporation"],
          ["File name", "contoso-agent.exe"],
        ],
      ],
      [
        "Signature Info",
        [
          ["Signature verification", "Signed"],
          ["Copyright", "© Contoso Corporation. All rights reserved."],
          ["Product", "Contoso® Endpoint Agent"],
          ["Description", "Contoso Endpoint Agent"],
          ["Original name", "contoso-agent.exe"],
          ["Internal name", "contoso-agent"],
          ["File version", "10.4.19041.1"],
          ["Date signed", "09:05 AM 02/01/2024"],
        ],
      ],
    ]);
  });

  it("shows of an address all that the replaced playbook showed", () => {
    expect(Object.entries(sectionsOf("address", "ip-malicious"))).toEqual([
      [
        "Analyses",
        [
          ["Harmless (rated as good)", "77"],
          ["Malicious (rated as bad)", "4"],
          ["Suspicious (rated as doubtful)", "0"],
          ["Undetected (not rated)", "12"],
        ],
      ],
      [
        "Community Score",
        [
          ["Malicious", "0"],
          ["Harmless", "1"],
        ],
      ],
      [
        "Basic Properties",
        [
          ["Network", "138.128.150.0/24"],
          ["Autonomous System Number", "13886"],
          ["Autonomous System Label", "CLOUD-SOUTH"],
          ["Regional Internet Registry", "RIPE NCC"],
          ["Country", "GB"],
          ["Continent", "EU"],
        ],
      ],
    ]);
  });

  it("has neither row nor section of what the report does not have", () => {
    const sections = sectionsOf("file", "file-malicious-no-name");
    expect(Object.keys(sections)).toEqual(["Analyses", "Community Score", "Basic Properties", "History"]);
    expect(sections["Basic Properties"]?.[0]).toEqual(["MD5", "546bb6ef89bebfb053999777f6930d7e"]);
    expect(Object.keys(sectionsOf("address", "ip-without-analysis"))).toEqual([
      "Community Score",
      "Basic Properties",
    ]);
  });

  it("has no card of a report without a fact, nor of domains and URLs", () => {
    expect(cardFrom("file", {})).toBeUndefined();
    expect(cardFrom("domain", reportOf("domain-malicious").attributes)).toBeUndefined();
    expect(cardFrom("url", reportOf("url-malicious").attributes)).toBeUndefined();
  });

  it("stays within 3 KB when every text is long and in characters of many bytes", () => {
    const long = "漢".repeat(5000);
    const signature = ["verified", "copyright", "product", "description", "original name", "internal name"];
    const card = cardFrom(
      "file",
      reportOf("file-clean-signed-trusted", {
        meaningful_name: long,
        magic: long,
        signature_info: Object.fromEntries(signature.map((key) => [key, long])),
      }).attributes,
    );
    expect(Buffer.byteLength(JSON.stringify(card))).toBeLessThanOrEqual(3 * 1024);
    expect(card?.sections.map(({ title }) => title)).toContain("Basic Properties");
  });
});
