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

  test("is about what came and what did not, and nothing else", () => {
    const view = viewOf(updateWith(answered("malicious"), late));
    expect(view.headline).toBe(
      "Update. Threat found: 1 of 3 indicators is malicious, 1 suspicious, 1 not fully checked.",
    );
    expect(view.lead).toEqual(["1 of the 2 open lookups has been answered."]);
    expect(view.notes).toEqual([
      {
        title: "Not checked",
        count: 1,
        text: "File bbbbbbbbbbbb… Intezer: no answer before the deadline.",
      },
    ]);
    expect(view.bad).toMatchObject([
      {
        verdict: "Malicious (was clean)",
        label: "file invoice.exe (aaaaaaaaaaaa…)",
        facts: ["VirusTotal disagrees and calls it clean."],
      },
    ]);
    expect(view.groups).toMatchObject([{ title: "Clean", items: [{ label: "file bbbbbbbbbbbb…" }] }]);
  });

  test("shows what came into the incident since, also where it is not looked up", () => {
    const since = [indicator("address", "93.184.216.9"), answered("malicious")] as const;
    const given = updateWith(answered("clean"), answered("clean"), [since]);
    const view = viewOf({ ...given, leftOutSince: [{ ...leftOut[0], value: "10.9.8.7" } as LeftOut] });
    expect(view.lead).toEqual([
      "1 indicator has been added to the incident since the first comment. The 3 open and new lookups have been answered.",
    ]);
    expect(view.bad).toMatchObject([{ verdict: "Malicious (new)", label: "IP address 93[.]184[.]216[.]9" }]);
    expect(view.groups.at(-1)).toMatchObject({
      title: "Not looked up",
      count: 1,
      items: [{ label: "10[.]9[.]8[.]7 (private address)" }],
    });
  });

  test("does not repeat a triage, nor claim its delivery", () => {
    const view = viewOf(updateWith(answered("clean"), answered("clean")));
    expect(view).not.toHaveProperty("triage");
    expect(view.footer.join()).not.toContain("delivery");
  });

  test.each([
    { one: answered("clean"), two: answered("clean"), outcome: "The 2 open lookups have been answered." },
    { one: late, two: failed, outcome: "The 2 open lookups have not been answered." },
  ])("says how it ended: $outcome", ({ one, two, outcome }) =>
    expect(viewOf(updateWith(one, two)).lead).toEqual([outcome]),
  );
});
