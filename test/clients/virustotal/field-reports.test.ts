import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createVirusTotal } from "../../../clients/virustotal/provider";
import type { Indicator } from "../../../domain/indicators/indicator";
import type { Answer, Consultation } from "../../../domain/lookups/provider";
import { skippingClock } from "../../../local/clock";
import { startVirusTotalSimulator, type VirusTotalSimulator } from "../../../local/simulators/virustotal";
import { thresholdsOf } from "../../support/virustotal-fixtures";

/** Bodies after public bug reports and recorded answers: what is asked, and what VirusTotal answers to it. */
interface FieldReport {
  readonly indicator: Indicator;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text is sent as it is. */
  readonly body: unknown;
}

let simulator: VirusTotalSimulator;
beforeEach(async () => {
  simulator = await startVirusTotalSimulator({ clock: skippingClock() });
});
afterEach(() => simulator.close());

async function consultationOf(name: string): Promise<Consultation> {
  const path = join(__dirname, `../../fixtures/virustotal-cases/${name}.json`);
  const { indicator, status, headers, body } = JSON.parse(readFileSync(path, "utf8")) as FieldReport;
  const content = typeof body === "string" ? { text: body } : { json: body };
  simulator.script({ match: () => true, fault: { status, ...(headers && { headers }), ...content } });
  const provider = createVirusTotal({
    endpoint: simulator.endpoint,
    key: { setting: "VIRUSTOTAL_API_KEY", read: async () => ({ kind: "done", value: "a-key" }) },
    kinds: [indicator.kind],
    off: {},
    quota: { perMinute: 0, perDay: 0, perMonth: 0 },
    thresholds: thresholdsOf(5, 2),
    userAgent: "test/1",
    now: () => Date.UTC(2026, 10, 26),
  });
  return provider.consult(indicator);
}

async function answerOf(name: string): Promise<Answer> {
  const consultation = await consultationOf(name);
  if (consultation.kind === "final" && consultation.outcome.kind === "answered")
    return consultation.outcome.answer;
  throw new Error(`No answer, but ${JSON.stringify(consultation)}`);
}

const rowsOf = (answer: Answer, title: string) =>
  answer.card?.sections.find((section) => section.title === title)?.rows;

describe("a report from the field", () => {
  it("is malicious by 54 of 75 engines, although Google Threat Intelligence calls it benign", async () => {
    const answer = await answerOf("gti-benign-many-engines");
    expect(answer).toMatchObject({
      verdict: "malicious",
      summary: "54 of 75 engines; GTI: benign, severity none, score 1 of 100",
      reasons: [
        "54 of 75 engines call it malicious.",
        "Google Threat Intelligence disagrees with the engines.",
      ],
    });
    expect(rowsOf(answer, "Google Threat Intelligence")).toEqual([
      ["Verdict", "benign"],
      ["Severity", "none"],
      ["Threat score", "1 of 100"],
    ]);
  });

  it("stays clean when one Sigma rule matches a signed installer that no engine finds", async () => {
    const answer = await answerOf("one-sigma-high-clean-installer");
    expect(answer.verdict).toBe("clean");
    expect(answer.reasons).toEqual([
      "None of 70 engines found anything.",
      "Sigma rules matched: 1 high, which is often noise.",
    ]);
    expect(rowsOf(answer, "Crowdsourced Sigma Rules")).toContainEqual([
      "Rules",
      "Suspicious Svchost Process",
    ]);
  });

  it("is not assessed when its counter of malicious results is null", async () => {
    expect(await consultationOf("malicious-null")).toMatchObject({
      outcome: {
        kind: "notKnown",
        reason: "VirusTotal has a record, but its engine counts could not be read",
      },
    });
  });

  it("is malicious by seven results, without statistics", async () => {
    expect(await answerOf("results-without-stats")).toMatchObject({
      verdict: "malicious",
      summary: "7 of 10 engines",
    });
  });

  it("is not called clean by a single engine", async () => {
    const answer = await answerOf("one-engine-of-all");
    expect(answer).toMatchObject({
      verdict: "unknown",
      weak: true,
      summary: "0 of 1 engine, too few opinions to call it clean",
      reasons: ["Only 1 engine answered: too few opinions to call it clean."],
    });
  });

  it("of an IP address that no engine calls harmless is unknown", async () => {
    expect(await answerOf("address-undetected-only")).toMatchObject({
      verdict: "unknown",
      context: "AS64500 EXAMPLE-AS, NL",
      reasons: ["None of 95 engines has an opinion: too few opinions to call it clean."],
    });
  });

  it("of a file that was never analysed answers for its MD5, which the report lacks", async () => {
    expect(await consultationOf("md5-asked-unanalysed")).toMatchObject({
      outcome: {
        kind: "notKnown",
        reason: "VirusTotal has a record, but no engine has analysed it yet",
        hashes: { sha256: expect.stringMatching(/^5f0c1d5e/) },
      },
    });
  });

  it("that is a refusal with a body in another encoding than its label is a refusal", async () => {
    expect(await consultationOf("gzip-label-on-plain-429")).toEqual({
      kind: "again",
      cause: "quota",
      afterSeconds: 60,
      reason: "VirusTotal's quota per minute, day or month is used up (HTTP 429)",
    });
  });

  it("is named by the first name that can be read", async () => {
    expect((await answerOf("mojibake-name")).name).toBe("manual.doc");
  });

  it("names no folders of other people", async () => {
    const answer = await answerOf("path-with-user-name");
    expect(answer.verdict).toBe("malicious");
    expect(rowsOf(answer, "Basic Properties")).toContainEqual(["Also named", "x-copy.exe"]);
    expect(JSON.stringify(answer)).not.toMatch(/jane\.doe|secret project/);
  });

  it("of the empty file says nothing, whatever sandboxes say of it", async () => {
    expect(await consultationOf("empty-file-sandboxes")).toMatchObject({
      outcome: { kind: "notKnown", reason: expect.stringContaining("empty file") },
    });
  });

  it("says what the community notes, with its date", async () => {
    const answer = await answerOf("crowdsourced-context");
    expect(answer.verdict).toBe("suspicious");
    expect(answer.card?.brief?.[0]).toContain(
      "Community note, 2022-09-01 (ThreatFox, high), not part of the verdict: AsyncRAT botnet C2 server (confidence level: 100%).",
    );
    expect(rowsOf(answer, "Crowdsourced Context")).toEqual([
      ["2022-09-01 (ThreatFox, high)", "AsyncRAT botnet C2 server (confidence level: 100%)"],
    ]);
  });

  it("of a resolver is clean, whatever was noted of it years ago", async () => {
    const answer = await answerOf("crowdsourced-context-stale");
    expect(answer.verdict).toBe("clean");
    expect(JSON.stringify(answer.card)).toContain("2023-09-10");
  });

  it("of a resolver that four engines call malicious is suspicious by default", async () => {
    expect(await answerOf("resolver-few-engines")).toMatchObject({
      verdict: "suspicious",
      reasons: ["4 of 94 engines call it malicious."],
    });
  });
});
