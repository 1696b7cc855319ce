import { describe, expect, it } from "vitest";
import { fileOutcomeFrom, urlOutcomeFrom } from "../../../clients/intezer/answer";
import type { Answer, Outcome } from "../../../domain/lookups/provider";
import { bodyOf } from "./setup";

/** Without the card, which has tests of its own. */
function answerOf(outcome: Outcome | undefined): Answer {
  if (outcome?.kind === "answered") {
    const { card: _, ...answer } = outcome.answer;
    return answer;
  }
  throw new Error(`No answer, but ${JSON.stringify(outcome)}`);
}

const fileAnswer = (name: string) => answerOf(fileOutcomeFrom(bodyOf(name).result));
const urlAnswer = (name: string) => answerOf(urlOutcomeFrom(bodyOf(name).result));

describe("a file", () => {
  it("that is malicious is told with its family", () => {
    expect(fileAnswer("file-malicious")).toEqual({
      verdict: "malicious",
      reasons: ["Verdict malicious (known malicious), family Carbanak."],
      summary: "Malicious: Carbanak",
      link: "https://analyze.intezer.com/analyses/8b9f2363-fdca-4cce-9e20-93f8ca1dd88f",
      assessedAt: Date.UTC(2022, 1, 22, 7, 41, 53),
    });
  });

  it.each([
    ["file-malicious-no-family-id", "malicious", "Malicious: Cedar", "Verdict malicious, family Cedar."],
    [
      "file-suspicious-admin-tool",
      "suspicious",
      "Suspicious: PsExec",
      "Verdict suspicious (administration tool), family PsExec.",
    ],
    ["file-unknown", "unknown", "Unknown", "Verdict unknown (inconclusive)."],
    ["file-no-threats", "clean", "No threats", "Verdict no threats."],
    ["file-trusted", "clean", "Trusted", "Verdict trusted (known trusted)."],
    ["files-latest", "malicious", "Malicious: Turla", "Verdict malicious (known malicious), family Turla."],
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
      summary: "Malicious",
    });
  });
});

describe("a URL", () => {
  it("that is malicious is told with what Intezer found on it", () => {
    expect(urlAnswer("url-malicious-phishing")).toEqual({
      verdict: "malicious",
      reasons: [
        "Verdict malicious (phishing).",
        "This URL hosts a phishing page.",
        "Found malicious: Phishing page.",
        "Found suspicious: Domain was created recently.",
      ],
      summary: "Malicious: phishing",
      link: "https://analyze.intezer.com/url/70d09f68-c7a3-43a3-a8de-07ec31fbf4ed",
      assessedAt: Date.UTC(2026, 6, 8, 9, 14, 2),
    });
  });

  it("without threats is clean", () => {
    expect(urlAnswer("url-no-threats")).toMatchObject({
      verdict: "clean",
      summary: "No threats",
      reasons: ["Verdict no threats.", "No suspicious activity was detected for this URL."],
    });
  });

  it("gets no link that is not Intezer's, and no finding that says nothing", () => {
    const answer = urlAnswer("url-malicious-with-download");
    expect(answer).toEqual({
      verdict: "malicious",
      reasons: ["It downloads a malicious file.", "Verdict malicious."],
      summary: "Malicious, downloads a malicious file",
    });
  });

  it("with an unheard-of verdict is unknown and keeps Intezer's title", () => {
    const summary = { verdict_type: "parked", title: "Parked Domain" };
    const answer = answerOf(urlOutcomeFrom({ summary }));
    expect(answer).toMatchObject({ verdict: "unknown", summary: "Parked Domain" });
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
