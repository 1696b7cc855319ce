import { describe, expect, it } from "vitest";
import { fileOutcomeFrom, urlOutcomeFrom } from "../../../clients/intezer/answer";
import { answerOf, bodyOf } from "./setup";

const fileAnswer = (name: string) => answerOf(fileOutcomeFrom(bodyOf(name).result));
const urlAnswer = (name: string) => answerOf(urlOutcomeFrom(bodyOf(name).result));

describe("a file", () => {
  it("that is malicious is shown with its family", () => {
    expect(fileAnswer("file-malicious")).toEqual({
      verdict: "malicious",
      reasons: ["Verdict malicious (known malicious), family Carbanak."],
      summary: "malicious, Carbanak",
      link: "https://analyze.intezer.com/analyses/8b9f2363-fdca-4cce-9e20-93f8ca1dd88f",
      assessedAt: Date.UTC(2022, 1, 22, 7, 41, 53),
      hashes: { sha256: "b28531feb7299e60eabd01b20c1f1e9f79b9f72cbb58bf3df1ccd14e08dbf953" },
    });
  });

  it.each([
    ["file-malicious-no-family-id", "malicious", "malicious, Cedar", "Verdict malicious, family Cedar."],
    [
      "file-suspicious-admin-tool",
      "suspicious",
      "suspicious, administration tool, PsExec",
      "Verdict suspicious (administration tool), family PsExec.",
    ],
    ["file-unknown", "unknown", "unknown, inconclusive", "Verdict unknown (inconclusive)."],
    ["file-no-threats", "clean", "no threats", "Verdict no threats."],
    ["file-trusted", "clean", "trusted", "Verdict trusted (known trusted)."],
    ["files-latest", "malicious", "malicious, Turla", "Verdict malicious (known malicious), family Turla."],
  ])("%s is %s", (name, verdict, summary, reason) => {
    expect(fileAnswer(name)).toMatchObject({ verdict, summary, reasons: [reason] });
  });

  it("that is trusted is vouched for, and its vendor is not called a family", () => {
    const answer = fileAnswer("file-trusted");
    expect(answer.trusted).toBe(true);
    expect(answer.name).toBe("setup.exe");
    expect(JSON.stringify(answer)).not.toContain("Microsoft");
    expect(fileAnswer("file-no-threats").trusted).toBeUndefined();
  });

  it("that is neutral is clean", () => {
    expect(answerOf(fileOutcomeFrom({ verdict: "neutral" })).verdict).toBe("clean");
  });

  it("whose type is not analysed is not known, never clean", () => {
    expect(fileOutcomeFrom(bodyOf("file-not-supported").result)).toEqual({
      kind: "notKnown",
      reason: "Intezer does not analyse files of this type",
      link: "https://analyze.intezer.com/analyses/50bf7d82-9e41-4131-8c75-3c8c6f4eae04",
      hashes: { sha256: "4".repeat(64) },
    });
  });

  it.each(["blocklisted", "clean", "constructor", "__proto__"])(
    "with the unheard-of verdict %s is unknown and keeps the word",
    (verdict) => {
      const answer = answerOf(fileOutcomeFrom({ verdict, sub_verdict: "custom_rule" }));
      expect(answer).toMatchObject({ verdict: "unknown", summary: verdict });
      expect(answer.reasons).toEqual([`Verdict "${verdict}" (custom rule).`]);
      expect(answer.trusted).toBeUndefined();
    },
  );

  it("needs nothing but a verdict", () => {
    const result = { verdict: "malicious", family_name: null, analysis_url: null, analysis_time: 5 };
    expect(answerOf(fileOutcomeFrom(result))).toEqual({
      verdict: "malicious",
      reasons: ["Verdict malicious."],
      summary: "malicious",
    });
  });
});

describe("a URL", () => {
  it("that is malicious is shown by its verdict: what Intezer found on it is in the card", () => {
    expect(urlAnswer("url-malicious-phishing")).toEqual({
      verdict: "malicious",
      reasons: ["Verdict malicious (phishing)."],
      summary: "malicious, phishing",
      link: "https://analyze.intezer.com/url/70d09f68-c7a3-43a3-a8de-07ec31fbf4ed",
      assessedAt: Date.UTC(2026, 6, 8, 9, 14, 2),
    });
  });

  it("without threats is clean", () => {
    expect(urlAnswer("url-no-threats")).toMatchObject({
      verdict: "clean",
      summary: "no threats",
      reasons: ["Verdict no threats."],
    });
  });

  it("gets no link that is not Intezer's, and no finding that says nothing", () => {
    const answer = urlAnswer("url-malicious-with-download");
    expect(answer).toEqual({
      verdict: "malicious",
      reasons: ["Verdict malicious, and it downloads a malicious file."],
      summary: "malicious, downloads a malicious file",
    });
  });

  it("with an unheard-of verdict is unknown and keeps Intezer's title", () => {
    const summary = { verdict_type: "parked", title: "Parked Domain" };
    const answer = answerOf(urlOutcomeFrom({ summary }));
    expect(answer).toMatchObject({ verdict: "unknown", summary: "Parked Domain" });
  });
});

describe("a verdict", () => {
  it.each([
    { word: "malicious", verdict: "malicious" },
    { word: "MALICIOUS", verdict: "malicious" },
    { word: " suspicious\n", verdict: "suspicious" },
    { word: "No Threats", verdict: "clean" },
    { word: "No-Threats", verdict: "clean" },
    { word: "trusted", verdict: "clean" },
    { word: "no_threats_yet", verdict: "unknown" },
    { word: "x".repeat(100_000), verdict: "unknown" },
  ])("that is written $word is $verdict", ({ word, verdict }) => {
    expect(answerOf(fileOutcomeFrom({ verdict: word })).verdict).toBe(verdict);
    expect(answerOf(urlOutcomeFrom({ summary: { verdict_type: word } })).verdict).toBe(verdict);
  });

  it("that is not supported in any case is not known", () => {
    expect(fileOutcomeFrom({ verdict: "Not Supported" })).toMatchObject({ kind: "notKnown" });
  });

  it.each([null, 1, true, {}, [], "", " "])("that is %j is no verdict, and never clean", (verdict) => {
    const file = answerOf(fileOutcomeFrom({ verdict, analysis_id: "1", sub_verdict: "trusted_by_x" }));
    expect(file).toMatchObject({ verdict: "unknown", summary: "no verdict" });
    const summary = { verdict_type: verdict, title: "Parked Domain" };
    const url = answerOf(urlOutcomeFrom({ analysis_id: "1", summary }));
    expect(url).toMatchObject({ verdict: "unknown", summary: "Parked Domain" });
  });

  it("that is missing is read from the finer word where that is one", () => {
    expect(answerOf(urlOutcomeFrom({ summary: { verdict_name: "malicious" } }))).toMatchObject({
      verdict: "malicious",
      summary: "malicious",
    });
    expect(answerOf(urlOutcomeFrom({ summary: { verdict_name: "phishing" } }))).toMatchObject({
      verdict: "unknown",
      summary: "no verdict, phishing",
    });
  });

  it("that its finer word contradicts is the worse of the two", () => {
    const summary = { verdict_type: "no_threats", verdict_name: "malicious" };
    expect(answerOf(urlOutcomeFrom({ summary }))).toMatchObject({
      verdict: "malicious",
      summary: "malicious",
      reasons: ["Verdict no threats (malicious)."],
    });
    const file = answerOf(fileOutcomeFrom({ verdict: "trusted", sub_verdict: "malicious" }));
    expect(file.verdict).toBe("malicious");
    expect(file.trusted).toBeUndefined();
    const better = answerOf(fileOutcomeFrom({ verdict: "malicious", sub_verdict: "trusted" }));
    expect(better.verdict).toBe("malicious");
  });
});

describe("the name of a file", () => {
  const nameOf = (file_name: unknown, original_filename?: string) =>
    answerOf(
      fileOutcomeFrom({ verdict: "malicious", file_name }, { metadata: { original_filename } as never }),
    ).name;

  it.each([
    { fileName: "C:\\Users\\jane.doe\\Desktop\\secret project\\x-copy.exe", name: "x-copy.exe" },
    { fileName: "/home/jane/x.bin", name: "x.bin" },
    { fileName: "\\\\host\\share\\x.dll", name: "x.dll" },
    { fileName: "C:\\Users\\jane\\", name: undefined },
    { fileName: "setup.exe", name: "setup.exe" },
    { fileName: 5, name: undefined },
  ])("comes without folders: $fileName", ({ fileName, name }) => {
    expect(nameOf(fileName)).toBe(name);
  });

  it("is the original one where the other is unreadable", () => {
    expect(nameOf("\ufffd\ufffd\ufffd.doc", "manual.doc")).toBe("manual.doc");
    expect(nameOf("Ð¿Ñ€Ð¸Ð²ÐµÑ‚.doc", "manual.doc")).toBe("manual.doc");
    expect(nameOf("????.doc", "C:\\build\\jane\\manual.doc")).toBe("manual.doc");
    expect(nameOf("\ufffd\ufffd.doc")).toBe("\ufffd\ufffd.doc");
    expect(nameOf("Rechnung für Müller.doc", "manual.doc")).toBe("Rechnung für Müller.doc");
  });
});

describe("the hashes of a file", () => {
  const sha256 = "a".repeat(64);
  const hashesOf = (result: object, metadata: object) =>
    answerOf(fileOutcomeFrom({ verdict: "malicious", ...result }, { metadata: metadata as never })).hashes;
  const [md5, sha1] = ["c".repeat(32), "d".repeat(40)];

  it("are those of the result and its details", () => {
    expect(hashesOf({ sha256: sha256.toUpperCase() }, { md5, sha1 })).toEqual({ md5, sha1, sha256 });
    expect(hashesOf({}, { md5, sha1, sha256 })).toEqual({ md5, sha1, sha256 });
  });

  it("are not mixed with those of another file", () => {
    expect(hashesOf({ sha256 }, { md5, sha1, sha256: "b".repeat(64) })).toEqual({ sha256 });
  });

  it.each([5, null, "abc", `${sha256}0`, "g".repeat(64)])("are not %j", (value) => {
    expect(hashesOf({ sha256: value }, {})).toBeUndefined();
  });
});

it.each([undefined, null, {}, { verdict: "" }, { verdict: 5 }, { summary: {} }, { summary: null }])(
  "is unreadable without a verdict: %j",
  (result) => {
    expect(fileOutcomeFrom(result)).toBeUndefined();
    expect(urlOutcomeFrom(result)).toBeUndefined();
  },
);

it.each(["<b>\u202e\u0000\n", "漢字", "\u{1f480}", '"\\', "\ud800"])(
  "keeps to a kilobyte whatever Intezer says: %j",
  (unit) => {
    const text = unit.repeat(1000);
    const file = { verdict: text, sub_verdict: text, family_name: text, file_name: text, analysis_url: text };
    const summary = { verdict_type: "malicious", verdict_name: text, title: text, description: text };
    const indicators = Array(50).fill({ classification: "malicious", text });
    const link = `https://analyze.intezer.com/${"a".repeat(170)}`;
    const answers = [
      fileOutcomeFrom(file),
      fileOutcomeFrom({ ...file, verdict: "malicious", analysis_url: link }),
      urlOutcomeFrom({ summary, indicators, analysis_url: link }),
      urlOutcomeFrom({ summary: { ...summary, verdict_type: text }, indicators }),
    ];
    for (const outcome of answers)
      expect(Buffer.byteLength(JSON.stringify(answerOf(outcome)))).toBeLessThanOrEqual(1024);
  },
);
