import { describe, expect, it } from "vitest";
import { readDetails } from "../../../clients/intezer/analysis";
import { fileOutcomeFrom, urlOutcomeFrom } from "../../../clients/intezer/answer";
import { behaviours as behavioursBody } from "../../../clients/intezer/wire";
import type { Outcome } from "../../../domain/lookups/provider";
import { bodyOf } from "./setup";

const sectionsOf = (outcome: Outcome | undefined) =>
  outcome?.kind === "answered"
    ? Object.fromEntries(outcome.answer.card?.sections.map(({ title, rows }) => [title, rows]) ?? [])
    : undefined;

/** What the recorded answers of the detail routes bring. */
const recorded = (result: unknown) =>
  readDetails(result, async (path) => bodyOf(path.split("/").at(-1) ?? ""));

const detailed = async (name: string, more: object = {}) => {
  const { result } = bodyOf(name);
  return sectionsOf(fileOutcomeFrom(result, { ...(await recorded(result)), ...more }));
};

const behavioursFrom = (result: readonly object[]) => behavioursBody.parse({ result }).result;

describe("the card of a file", () => {
  it("shows verdict, family, code reuse, behaviours and what the file is", async () => {
    expect(await detailed("file-malicious")).toEqual({
      Analysis: [
        ["Verdict", "malicious (known malicious)"],
        ["Family", "Carbanak"],
        ["File name", "myfile.exe"],
        ["Analysed", "2022-02-22 07:41 UTC"],
      ],
      "Code reuse": [
        ["Carbanak (malware)", "15 of 15 genes"],
        ["Found nowhere else", "0 of 15 genes"],
        ["Common code", "0 of 15 genes"],
      ],
      Behaviours: [
        [
          "InjectionInterProcess",
          "high, Injects code into another process (T1055 Defense Evasion::Process Injection)",
        ],
        ["dead_connect", "low, Attempts to connect to a dead IP:Port (3 unique times)"],
      ],
      File: [
        ["File type", "pe"],
        ["File size", "15540 bytes"],
        ["Architecture", "i386"],
        ["Product", "product name"],
        ["Company", "Microsoft"],
        ["Compiled", "2019-07-26 18:23 UTC"],
      ],
    });
  });

  it("has nothing of what there is not, and names no family of a trusted file", () => {
    expect(sectionsOf(fileOutcomeFrom(bodyOf("file-trusted").result))).toEqual({
      Analysis: [
        ["Verdict", "trusted (known trusted)"],
        ["File name", "setup.exe"],
        ["Analysed", expect.stringMatching(/ UTC$/)],
      ],
    });
  });

  it("names the five families with most of the code, and reads the older form of a technique", async () => {
    const families = Array.from({ length: 7 }, (_, i) => ({ family_name: `F${i}`, reused_gene_count: i }));
    const behaviours = behavioursFrom([{ name: "old", severity: 2, ttps: [], ttp: { ttp: "T1027" } }]);
    const sections = await detailed("file-malicious", { codeReuse: { families }, behaviours });
    expect(sections?.["Code reuse"]).toEqual([6, 5, 4, 3, 2].map((i) => [`F${i}`, `${i} genes`]));
    expect(sections?.Behaviours).toEqual([["old", "medium (T1027)"]]);
  });

  it("shows the six worst of many behaviours, counts the others, and keeps to 3 KB", async () => {
    const behaviours = Array.from({ length: 300 }, (_, i) => ({
      name: `${i} ${"漢".repeat(100)}`,
      description: "漢".repeat(1000),
      severity: i % 4,
      ttps: Array(9).fill({ ttp: "T1055", name: "漢".repeat(1000) }),
    }));
    const few = behaviours.map(({ name, severity }) => ({ name: name.slice(0, 3), severity }));
    const short = await detailed("file-malicious", { behaviours: behavioursFrom(few) });
    const rows = short?.Behaviours ?? [];
    expect(rows).toHaveLength(7);
    expect(rows.slice(0, 6).every(([, text]) => text === "high")).toBe(true);
    expect(rows.at(-1)).toEqual(["More behaviours", "294"]);

    const details = { behaviours: behavioursFrom(behaviours) };
    const large = fileOutcomeFrom(bodyOf("file-malicious").result, details);
    const card = large?.kind === "answered" ? large.answer.card : undefined;
    expect(Buffer.byteLength(JSON.stringify(card))).toBeLessThanOrEqual(3 * 1024);
  });
});

describe("the card of a URL", () => {
  it("shows verdict, indicators and where it led to", () => {
    expect(sectionsOf(urlOutcomeFrom(bodyOf("url-malicious-phishing").result))).toEqual({
      Analysis: [
        ["Verdict", "malicious (phishing)"],
        ["Explanation", "This URL hosts a phishing page"],
        ["ApiVoid risk score", "88"],
        ["Analysed", "2026-07-08 09:14 UTC"],
      ],
      Indicators: [
        ["Malicious", "Phishing page"],
        ["Suspicious", "Domain was created recently"],
        ["Informative", "Content type: text/html"],
      ],
      Page: [
        ["Scanned URL", "https://login-example.test/signin"],
        ["Redirects", "http://login-example.test/r → https://login-example.test/signin"],
        ["Address", "203.0.113.10"],
        ["Domain", "login-example.test"],
        ["Registrar", "EXAMPLE REGISTRAR"],
        ["Registered", "2026-07-06 04:00 UTC"],
      ],
    });
  });

  it("shows what was downloaded from it", () => {
    const sections = sectionsOf(urlOutcomeFrom(bodyOf("url-malicious-with-download").result));
    expect(sections?.["Downloaded file"]).toEqual([
      ["Verdict", "malicious"],
      ["SHA-256", "4293c1d8574dc87c58360d6bac3daa182f64f7785c9d41da5e0741d2b1817fc7"],
      [
        "Explanation",
        "This file contains code from malicious software, therefore it's very likely that it's malicious.",
      ],
    ]);
  });
});

const briefOf = (outcome: Outcome | undefined) =>
  outcome?.kind === "answered" ? outcome.answer.card?.brief : undefined;

describe("Intezer's details in short", () => {
  it("of a file say whose code it has, and what it did, worst first", async () => {
    const { result } = bodyOf("file-malicious");
    const details = await readDetails(result, async (path) => bodyOf(path.split("/").at(-1) ?? ""));
    expect(briefOf(fileOutcomeFrom(result, details))).toMatchInlineSnapshot(`
      [
        "15 of 15 genes shared with Carbanak. Product product name.",
        "Behaviour: Injects code into another process, T1055, high; Attempts to connect to a dead IP:Port (3 unique times), low.",
      ]
    `);
  });

  it("of a URL say what was found on it", () => {
    expect(briefOf(urlOutcomeFrom(bodyOf("url-malicious-phishing").result))).toMatchInlineSnapshot(`
      [
        "This URL hosts a phishing page. Found malicious: Phishing page. Found suspicious: Domain was created recently. ApiVoid risk score 88. Leads to https://login-example.test/signin. Registrar EXAMPLE REGISTRAR.",
      ]
    `);
  });

  it("of a URL say what was downloaded from it", () => {
    expect(briefOf(urlOutcomeFrom(bodyOf("url-malicious-with-download").result))).toMatchInlineSnapshot(`
      [
        "Leads to http://www.foo.com/.",
        "Downloads a file: malicious.",
        "SHA-256 4293c1d8574dc87c58360d6bac3daa182f64f7785c9d41da5e0741d2b1817fc7",
      ]
    `);
  });

  it("are none where there are no details", () => {
    expect(briefOf(fileOutcomeFrom(bodyOf("file-trusted").result))).toBeUndefined();
  });
});
