import { describe, expect, it } from "vitest";
import { outcomeFrom } from "../../../clients/virustotal/answer";
import type { IndicatorKind } from "../../../domain/indicators/indicator";
import type { Answer } from "../../../domain/lookups/provider";
import { reportOf } from "../../support/virustotal-fixtures";

const now = Date.UTC(2026, 10, 22, 14, 5);

type Replaced = Readonly<Record<string, unknown>>;

const outcomeOf = (kind: IndicatorKind, name: string, replaced?: Replaced) => {
  const report = reportOf(name, replaced);
  return outcomeFrom(report, { kind, value: report.id }, { maliciousFrom: 5, suspiciousFrom: 2 }, now);
};

const answerOf = (kind: IndicatorKind, name: string, replaced?: Replaced): Answer => {
  const outcome = outcomeOf(kind, name, replaced);
  if (outcome.kind === "answered") return outcome.answer;
  throw new Error(`No answer, but ${JSON.stringify(outcome)}`);
};

describe("outcomeFrom", () => {
  it("says of a malicious file what the engines say", () => {
    const { card, ...answer } = answerOf("file", "file-malicious-rich");
    expect(answer).toEqual({
      verdict: "malicious",
      reasons: ["54 of 75 engines call it malicious."],
      engines: { malicious: 54, suspicious: 0, all: 75 },
      summary: "54 of 75 engines",
      link: "https://www.virustotal.com/gui/file/6b60666d6ace3a450d54fe7b915c46632172ca0d4127d87873f0c111560e66cb",
      assessedAt: Date.UTC(2024, 6, 29, 4, 22, 49),
      name: "flowerdb.exe",
      context: "Win32 EXE",
      hashes: {
        md5: expect.stringMatching(/^[0-9a-f]{32}$/),
        sha1: expect.stringMatching(/^[0-9a-f]{40}$/),
        sha256: "6b60666d6ace3a450d54fe7b915c46632172ca0d4127d87873f0c111560e66cb",
      },
    });
    expect(card?.sections.length).toBeGreaterThan(0);
  });

  it.each<[kind: IndicatorKind, name: string, link: string]>([
    ["address", "ip-malicious", "https://www.virustotal.com/gui/ip-address/138.128.150.133"],
    ["address", "ip-v6-clean", "https://www.virustotal.com/gui/ip-address/2001:4860:4860::8888"],
    ["domain", "domain-malicious", "https://www.virustotal.com/gui/domain/tawuhoju.com"],
    [
      "url",
      "url-malicious",
      "https://www.virustotal.com/gui/url/7d83e9f686ff0122ded311f27aababf6922800a45a23a4dacc860b56ccada4cb",
    ],
  ])("links to the page of the %s in %s", (kind, name, link) => {
    expect(answerOf(kind, name).link).toBe(link);
  });

  it.each<[kind: IndicatorKind, name: string, summary: string]>([
    ["file", "file-clean-signed-trusted", "0 of 72 engines"],
    ["url", "url-redirect-phishing", "14 of 97 engines, 2 suspicious"],
    ["address", "ip-clean-gti", "0 of 94 engines; GTI: benign, severity none, score 0 of 100"],
  ])("sums up the %s in %s as %s", (kind, name, summary) => {
    expect(answerOf(kind, name).summary).toBe(summary);
  });

  it.each<[kind: IndicatorKind, name: string, link: string]>([
    ["file", "file-not-yet-analysed", "https://www.virustotal.com/gui/file/"],
    ["address", "ip-without-analysis", "https://www.virustotal.com/gui/ip-address/1.1.1.1"],
  ])("takes the %s in %s, which was never analysed, for not known", (kind, name, link) => {
    expect(outcomeOf(kind, name)).toMatchObject({
      kind: "notKnown",
      reason: "VirusTotal has a record, but no engine has analysed it yet",
      link: expect.stringContaining(link),
    });
  });

  it("answers without engines when something else was seen", () => {
    const seen = { sandbox_verdicts: { Zenbox: { category: "malicious" } } };
    expect(answerOf("file", "file-not-yet-analysed", seen)).toMatchObject({
      verdict: "suspicious",
      summary: "not analysed yet",
    });
  });

  it.each([
    [{ meaningful_name: "/tmp/pip-install-9zekwm3b/cli-32.exe" }, "cli-32.exe"],
    [{ meaningful_name: undefined, names: [".", "C:\\Users\\ann\\a.dll"] }, "a.dll"],
    [{ meaningful_name: undefined, names: ["."] }, undefined],
    [{ meaningful_name: "C:\\Users\\jane.doe\\", names: [] }, undefined],
    [{ meaningful_name: "\\\\fileserver\\jane.doe$\\x.exe" }, "x.exe"],
    [{ meaningful_name: "file:///C:/Users/jane.doe/x.exe" }, "x.exe"],
    [{ meaningful_name: "C%3A%5CUsers%5Cjane.doe%5Cx.exe" }, "x.exe"],
    [{ meaningful_name: "C:x.exe" }, "x.exe"],
    [{ meaningful_name: "/home/jane.doe／Desktop＼x.exe" }, "x.exe"],
    [{ meaningful_name: `/home/jane.doe/${"x".repeat(5000)}` }, `${"x".repeat(79)}…`],
    [{ meaningful_name: "\ufffd\ufffdÎÒ.doc", names: ["manual.doc"] }, "manual.doc"],
    [{ meaningful_name: "Ã¤rger.doc", names: ["manual.doc"] }, "manual.doc"],
    [{ meaningful_name: "ËµÃ÷Êé.doc", names: ["manual.doc"] }, "manual.doc"],
    [{ meaningful_name: "????.doc", names: ["manual.doc"] }, "manual.doc"],
    [{ meaningful_name: "Größenübersicht.doc", names: ["manual.doc"] }, "Größenübersicht.doc"],
    [{ meaningful_name: "说明书.doc", names: ["manual.doc"] }, "说明书.doc"],
    [{ meaningful_name: "\ufffd\ufffd.doc", names: [] }, "\ufffd\ufffd.doc"],
    [{ meaningful_name: "a\u202egpj.exe\n" }, "a gpj.exe"],
  ])("names the file of %o %s, without folders", (names, expected) => {
    expect(answerOf("file", "file-malicious-no-name", names).name).toBe(expected);
  });

  it("says nothing about when engines looked if the report does not", () => {
    expect(answerOf("address", "ip-malicious")).not.toHaveProperty("assessedAt");
  });

  it("stays within 1 KB when every text is long and in characters of many bytes", () => {
    const long = "漢".repeat(5000);
    const { card: _, ...answer } = answerOf("file", "file-malicious-rich", {
      meaningful_name: long,
      type_description: long,
      signature_info: { verified: long },
      sandbox_verdicts: Object.fromEntries(
        ["a", "b", "c", "d"].map((id) => [id, { category: "malicious", sandbox_name: long }]),
      ),
      trusted_verdict: { organization: long, verdict: "goodware" },
      popular_threat_classification: { suggested_threat_label: long },
      threat_names: [long, long, long, long],
    });
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThanOrEqual(1024);
    expect(answer.verdict).toBe("malicious");
    expect(answer.reasons[0]).toBe("54 of 75 engines call it malicious.");
    expect(answer.hashes?.sha256).toMatch(/^6b60666d/);
  });
});
