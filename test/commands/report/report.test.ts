import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { thresholdsByKind } from "../../../clients/virustotal/thresholds";
import { maliciousOrSuspicious, resultOf } from "../../../commands/report/closed-incident";
import type { Figures } from "../../../commands/report/figures";
import { type Report, reportOn } from "../../../commands/report/report";
import { reportText } from "../../../commands/report/report-text";
import { sampleClosings } from "../../../commands/report/sample-closings";
import { verdicts } from "../../../domain/verdict";
import { logAnalyticsReplies } from "../../../local/simulators/log-analytics";
import { readFrom, startWorkspace } from "./setup";

const everyKind = (count: number) => ({ file: count, url: count, domain: count, address: count });
const thresholds = thresholdsByKind(everyKind(5), everyKind(2));

/** Numbers of the incidents, and shares in whole per cent. */
function rounded({ closed, precision, recall, ...lists }: Figures) {
  const numbers = Object.entries(lists).map(([name, list]) => [name, list.map(({ number }) => number)]);
  const percent = (share: number | undefined) => share && Math.round(share * 100);
  return { closed, ...Object.fromEntries(numbers), precision: percent(precision), recall: percent(recall) };
}

describe("the report on the made-up incidents, as worked out by hand (commands/report/samples/README.md)", () => {
  let report: Report;
  beforeAll(async () => {
    const workspace = await startWorkspace(sampleClosings);
    const closings = await readFrom(workspace);
    await workspace.close();
    if (closings.kind !== "done") throw new Error(closings.reason);
    report = reportOn(closings.value, { days: 30, workspaces: 1, thresholds });
  });

  it("counts each incident once", () => {
    expect(rounded(report.all)).toEqual({
      closed: 16,
      hits: [101, 102, 105, 106, 114],
      falseAlarms: [103, 104, 107, 115],
      missed: [108, 110, 116],
      expected: [111],
      agreed: [109, 112],
      notJudged: [113],
      precision: 56,
      recall: 63,
    });
    expect(rounded(report.maliciousOnly)).toEqual({
      closed: 16,
      hits: [101, 102, 114],
      falseAlarms: [103],
      missed: [105, 106, 108, 110, 116],
      expected: [111],
      agreed: [104, 107, 109, 112, 115],
      notJudged: [113],
      precision: 75,
      recall: 38,
    });
  });

  it("counts an incident of two analytics rules for both", () => {
    expect(report.byRule.map(({ rule, figures }) => ({ rule, ...rounded(figures) }))).toMatchObject([
      {
        rule: "Malware on a device",
        closed: 8,
        hits: [101, 102, 105, 106],
        falseAlarms: [103, 104, 115],
        missed: [116],
        precision: 57,
        recall: 80,
      },
      {
        rule: "Phishing URL clicked",
        closed: 8,
        hits: [],
        falseAlarms: [107, 115],
        missed: [108, 110],
        precision: 0,
        recall: 0,
      },
      { rule: "No analytics rule (Microsoft XDR)", closed: 1, hits: [114], precision: 100, recall: 100 },
    ]);
  });

  it("says what one engine more or less would have made of them", () => {
    const variants = report.thresholds.flatMap(({ setting, variants }) =>
      variants.map(({ value, isCurrent, figures }) => {
        const { hits = [], falseAlarms = [], missed = [] } = figures ?? {};
        const counts = [hits.length, falseAlarms.length, missed.length].join(" ");
        const { precision, recall } = figures ? rounded(figures) : {};
        return { setting, value, isCurrent, counts, precision, recall };
      }),
    );
    const malicious = { setting: "VIRUSTOTAL_MALICIOUS_FROM", isCurrent: false };
    const suspicious = { setting: "VIRUSTOTAL_SUSPICIOUS_FROM", isCurrent: false };
    expect(variants).toEqual([
      { ...malicious, value: 4, counts: "4 2 4", precision: 67, recall: 50 },
      { ...malicious, value: 5, isCurrent: true, counts: "3 1 5", precision: 75, recall: 38 },
      { ...malicious, value: 6, counts: "2 0 6", precision: 100, recall: 25 },
      { ...suspicious, value: 1, counts: "6 5 2", precision: 55, recall: 75 },
      { ...suspicious, value: 2, isCurrent: true, counts: "5 4 3", precision: 56, recall: 63 },
      { ...suspicious, value: 3, counts: "4 3 4", precision: 57, recall: 50 },
    ]);
  });

  it("says what the thresholds did not decide", () => {
    expect(report.decidedOtherwise.lookups).toBe(2);
    expect(report.decidedOtherwise.incidents.map(({ number }) => number)).toEqual([114]);
  });

  it("fits into 80 columns, and shows the incidents behind the figures", () => {
    const text = reportText(report, 80);
    for (const line of text.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(text).toContain("Malware on a device: 103, 104, 115");
    expect(text).toContain("Phishing URL clicked: 108, 110*");
  });

  it("says so when nothing is closed yet", () => {
    const nothing = reportOn([], { days: 1, workspaces: 2, thresholds });
    expect(reportText(nothing, 80)).toContain("nothing to compare yet");
  });

  it("writes no control character of a rule's name to the terminal", () => {
    const [incident] = report.all.hits;
    const hostile = incident ? [{ ...incident, rules: ["\u001b[2Jrule\u202e"] }] : [];
    const text = reportText(reportOn(hostile, { days: 30, workspaces: 1, thresholds }), 80);
    expect(text).toContain("[2Jrule");
    for (const control of ["\u001b", "\u202e"]) expect(text).not.toContain(control);
  });
});

describe("reading the closings", () => {
  it.each([
    { problem: "the table is missing", reply: logAnalyticsReplies.noSuchTable, says: "RESULTS_TABLE" },
    { problem: "only a part came", reply: logAnalyticsReplies.inPart, says: "shorter --since" },
    {
      problem: "rows have another shape",
      reply: { columns: { Other: "string" as const }, rows: [{ Other: "a" }] },
      says: "another shape",
    },
  ])("says so when $problem", async ({ reply, says }) => {
    const workspace = await startWorkspace(() => reply);
    const closings = await readFrom(workspace);
    await workspace.close();
    expect(closings).toMatchObject({ reason: expect.stringContaining(says) });
  });

  it("asks for what no simulator has answered", async () => {
    const workspace = await startWorkspace(sampleClosings);
    await readFrom(workspace);
    expect(JSON.parse(workspace.requests[0]?.body ?? "{}")).toMatchObject({
      query: expect.stringContaining("coalesce(Simulated, false) == false"),
      timespan: "P30D",
    });
    await workspace.close();
  });
});

const classifications = ["TruePositive", "FalsePositive", "BenignPositive", "Undetermined", ""];
const combinations = verdicts.flatMap((verdict) =>
  classifications.map((classification) => ({ verdict, classification })),
);
const words = {
  hit: "hit",
  missed: "missed",
  falseAlarm: "false alarm",
  expected: "expected",
  agreed: "agreed",
  notJudged: "not judged",
};

describe("what a closing says of a verdict", () => {
  const page = readFileSync("docs/report.md", "utf8");
  const query = readFileSync("infra/workbook/queries/closings-by-rule.kql", "utf8");

  /** The conditions of the query's `case`, each with its result; the last has none. */
  const cases = [
    ...(/extend Result = case\(([\s\S]*?)\n\|/.exec(query)?.[1] ?? "").matchAll(/^ +(.+)$/gm),
  ].map(([, line = ""]) => {
    const [, condition = "true", result = ""] = /^(?:(.+), )?"([a-z ]+)"[,)]$/.exec(line) ?? [];
    const script = condition
      .replaceAll(" and ", " && ")
      .replaceAll(/(\w+) in \(([^)]*)\)/g, "[$2].includes($1)");
    return { result, holds: new Function("Classification", "Flagged", `return ${script};`) };
  });

  it.each(combinations)(
    "is the same here, in docs/report.md and in the workbook: $verdict, closed as $classification",
    ({ verdict, classification }) => {
      const result = words[resultOf(verdict, classification, maliciousOrSuspicious)];
      const flagged = maliciousOrSuspicious(verdict);
      const name = classification === "" ? "Undetermined" : classification;
      const row = page.split("\n").find((each) => each.startsWith(`| \`${name}\``));
      expect(row?.split(" | ")[flagged ? 1 : 2]?.replace(" |", "")).toBe(result);
      expect(cases.find(({ holds }) => holds(classification, flagged))?.result).toBe(result);
    },
  );
});
