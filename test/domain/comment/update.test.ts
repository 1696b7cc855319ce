import { describe, expect, test } from "vitest";
import type { LeftOut } from "../../../domain/indicators/indicator";
import type { Lookup, RunReport } from "../../../domain/report/report";
import {
  answered,
  failed,
  file,
  indicator,
  notAsked,
  pending,
  type Row,
  report,
  sha256,
  taken,
  updateOf,
  viewOf,
} from "../../support/reports";

describe("update", () => {
  const other = indicator("address", "8.8.8.8");
  const second = indicator("file", sha256("b"));
  const before: readonly Row[] = [
    [file, answered("clean"), pending],
    [second, answered("clean"), pending],
    [other, answered("suspicious"), notAsked],
  ];
  const leftOut = [{ entityKind: "Ip", value: "10.0.0.1", reason: "private address" }];
  const updateWith = (one: Lookup, two: Lookup, more: readonly Row[] = []): RunReport =>
    updateOf(
      report([
        [file, answered("clean"), one],
        [second, answered("clean"), two],
        [other, answered("suspicious")],
        ...more,
      ]),
      before,
      { triage: taken("confirmed_threat"), leftOut },
    );
  const late: Lookup = { kind: "notAnswered", reason: "no answer before the deadline" };

  test("tells what came and what did not, and nothing else", () => {
    const view = viewOf(updateWith(answered("malicious"), late));
    expect(view.headline).toBe(
      "Update. Threat found: 1 malicious, 1 suspicious of 3 indicators; 2 of 3 checked.",
    );
    expect(view.notes).toEqual([
      "2 lookups were open in the first comment: 1 answered, 1 not.",
      "Intezer: 1 indicator not answered in time. No answer before the deadline.",
    ]);
    expect(view.reasons).toEqual([
      "Intezer on file invoice.exe (aaaaaaaaaaaa…): Said to be malicious. The providers disagree: VirusTotal calls it clean.",
    ]);
    expect(view.rows.map(({ verdictText, value }) => [verdictText, value])).toEqual([
      ["Malicious (was clean, providers disagree)", sha256("a")],
      ["Clean", sha256("b")],
    ]);
    expect(view).not.toHaveProperty("leftOut");
  });

  test("shows what came into the incident since, also where it is not looked up", () => {
    const since = [indicator("address", "93.184.216.9"), answered("malicious")] as const;
    const given = updateWith(answered("clean"), answered("clean"), [since]);
    const view = viewOf({ ...given, leftOutSince: [{ ...leftOut[0], value: "10.9.8.7" } as LeftOut] });
    expect(view.notes[0]).toMatch(
      /^1 indicator has come into the incident since the first comment\. 3 lookups/,
    );
    expect(view.rows[0]).toMatchObject({ verdictText: "Malicious (new)", value: "93[.]184[.]216[.]9" });
    expect(view.leftOut).toMatchObject({ total: 1, values: ["Ip 10[.]9[.]8[.]7"] });
  });

  test("does not tell a triage again, nor claim its delivery", () => {
    const view = viewOf(updateWith(answered("clean"), answered("clean")));
    expect(view).not.toHaveProperty("triage");
    expect(view.footer.join()).not.toContain("delivery");
  });

  test.each([
    [
      answered("clean"),
      answered("clean"),
      "2 lookups were open in the first comment: all have been answered.",
    ],
    [late, failed, "2 lookups were open in the first comment: none has been answered."],
  ])("%#: says how it ended", (one, two, outcome) =>
    expect(viewOf(updateWith(one, two)).notes[0]).toBe(outcome),
  );
});
