import { describe, expect, it } from "vitest";
import { cardFrom } from "../../../clients/virustotal/card";
import type { IndicatorKind } from "../../../domain/indicators/indicator";
import { reportOf } from "../../support/virustotal-fixtures";

const now = Date.UTC(2026, 10, 22, 14, 5);
const briefOf = (kind: IndicatorKind, name: string, replaced?: Readonly<Record<string, unknown>>) =>
  cardFrom(kind, reportOf(name, replaced).attributes, now)?.brief;

describe("the details in short", () => {
  it("of a malicious file say what it is called, what it did, and what it is", () => {
    expect(briefOf("file", "file-malicious-rich")).toMatchInlineSnapshot(`
      [
        "Bkav (W32.AIDetectMalware.CS), AVG (Win32:CrypterX-gen [Trj]), tehtris (Generic.Malware). Threat label trojan.orcusrat/msil. Sandboxes CAPE Sandbox, Zenbox: malicious. Sigma: 2 medium. IDS: 4 low. YARA: Agenttesla_type2, SUSP_NET_Msil_Suspicious_Use_StrReverse, INDICATOR_EXE_Packed_Fody and 1 more.",
        "First seen 2024-07-29, 2 submissions from 1 source. 3.1 MB, PE32 executable (GUI) Intel 80386 Mono/.Net assembly. Not signed.",
      ]
    `);
  });

  it("of a URL say where it leads", () => {
    expect(briefOf("url", "url-redirect-phishing")).toMatchInlineSnapshot(`
      [
        "Fortinet (phishing), Sophos (phishing), Trustwave (suspicious). Threats: Mal/HTMLGen-A. Leads to https://login-update.example.net/secure/ → https://198.51.100.23/owa/auth/logon.html (HTTP 200). First seen 2025-08-11, 7 submissions. Votes: 2 malicious.",
      ]
    `);
  });

  it("of a domain say who registered it", () => {
    expect(briefOf("domain", "domain-malicious")).toMatchInlineSnapshot(`
      [
        "CRDF (malicious), Fortinet (malware), Webroot (malicious), Avira (malware) and 2 more. Registrar CommuniGal Communication Ltd. Votes: 2 malicious.",
      ]
    `);
  });

  it("of an address say its network", () => {
    expect(briefOf("address", "ip-malicious")).toMatchInlineSnapshot(`
      [
        "Webroot (malicious), BitDefender (malware), G-Data (malware), ESET (malware). Network 138.128.150.0/24. Votes: 1 harmless.",
      ]
    `);
  });

  it("have no zeros, no bytes and no times of day", () => {
    const all = [
      ...(briefOf("file", "file-malicious-rich") ?? []),
      ...(briefOf("file", "file-clean-minimal") ?? []),
      ...(briefOf("url", "url-malicious") ?? []),
      ...(briefOf("address", "ip-clean") ?? []),
    ].join("\n");
    expect(all).not.toMatch(/\b0 [a-z]|\d{4} bytes|\d\d:\d\d/);
  });

  it.each([
    { size: 512, text: "512 bytes" },
    { size: 184_320, text: "184 kB" },
    { size: 3_113_984, text: "3.1 MB" },
    { size: 52_428_800, text: "52 MB" },
  ])("give a size of $size bytes as $text", ({ size, text }) => {
    const lines = briefOf("file", "file-clean-minimal", { size, magic: undefined });
    expect(lines?.join(" ")).toContain(`${text}.`);
  });

  it("stay below 1,000 bytes, whatever the report says", () => {
    const long = "漢".repeat(500);
    const lines = briefOf("file", "file-malicious-rich", {
      magic: long,
      crowdsourced_yara_results: [{ rule_name: long }],
      last_analysis_results: { a: { category: "malicious", engine_name: long, result: long } },
    });
    expect(Buffer.byteLength(JSON.stringify(lines))).toBeLessThanOrEqual(1_000);
    expect(lines?.length).toBeGreaterThan(0);
  });
});
