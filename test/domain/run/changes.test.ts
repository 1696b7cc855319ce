import { describe, expect, test } from "vitest";
import { leadOf } from "../../../domain/comment/lead";
import type { Lookup, RunReport } from "../../../domain/report/report";
import { findingsOf, summarize } from "../../../domain/report/summary";
import { changesSince } from "../../../domain/run/changes";
import type { PreviousRun } from "../../../domain/run/run";
import { answered, indicator, pending, report, startedAt, taken } from "../../support/reports";

const off: Lookup = { kind: "off", reason: "the setting VIRUSTOTAL_KINDS does not name it" };
const address = (i: number) => indicator("address", `93.184.216.${i}`);
const clean = (i: number) => [address(i), answered("clean")] as const;

function previousOf(given: RunReport): PreviousRun {
  const summary = summarize(given);
  return {
    run: startedAt - 3_600_000,
    ...summary.counts,
    commentIds: [],
    tags: [],
    findings: findingsOf(summary),
    ...(given.triage.kind === "taken" ? { deliveryId: given.triage.deliveryId } : {}),
  };
}

/** What stands below the headline. */
function textOf(before: RunReport, now: RunReport): readonly string[] {
  const summary = summarize(now);
  const changes = changesSince(previousOf(before), now, summary);
  return leadOf(changes ? { ...now, changes } : now, summary);
}

describe("a run again", () => {
  const before = report([clean(1), [address(2), answered("malicious")]]);

  test.each<[string, RunReport]>([
    ["everything is as it was", before],
    ["something is gone", report([clean(1)])],
    ["something has no answer yet", report([clean(1), [address(2), pending]])],
    ["something is not looked up any more", report([clean(1), [address(2), off]])],
  ])("has nothing to say when %s", (_case, now) => expect(textOf(before, now)).toEqual([]));

  test.each<[string, RunReport, string]>([
    [
      "is new",
      report([clean(1), [address(2), answered("malicious")], clean(3)]),
      "1 new indicator (IP address 93[.]184[.]216[.]3)",
    ],
    [
      "is new and pending",
      report([clean(1), [address(3), pending]]),
      "1 new indicator (IP address 93[.]184[.]216[.]3)",
    ],
    [
      "is worse",
      report([
        [address(1), answered("suspicious"), pending],
        [address(2), answered("malicious")],
      ]),
      "1 verdict changed (IP address 93[.]184[.]216[.]1 is suspicious, was clean)",
    ],
    [
      "is better",
      report([clean(1), clean(2)]),
      "1 verdict changed (IP address 93[.]184[.]216[.]2 is clean, was malicious)",
    ],
  ])("says what %s", (_case, now, expected) =>
    expect(textOf(before, now)).toEqual([`Changed since the run of 2026-11-22 13:05 UTC: ${expected}.`]),
  );

  test("names the first five of many", () => {
    const now = report(Array.from({ length: 9 }, (_, i) => clean(i + 1)));
    expect(textOf(report([]), now)[0]).toMatch(/9 new indicators \(.*216\[\.\]5 and 4 more\)\.$/);
  });

  test("reports a triage that the other run's comment did not carry, unless another comment does", () => {
    const triaged: RunReport = { ...before, triage: taken("confirmed_threat") };
    expect(textOf(before, triaged)[0]).toMatch(/UTC: Intezer's triage of the incident\.$/);
    expect(textOf(triaged, triaged)).toEqual([]);
    const printed = { ...triaged.triage, isElsewhere: true } as RunReport["triage"];
    expect(textOf(before, { ...triaged, triage: printed })).toEqual([]);
  });
});

describe("a run again of more indicators than an output holds", () => {
  const many = (count: number, more: readonly (readonly [ReturnType<typeof address>, Lookup])[] = []) =>
    report([
      ...Array.from(
        { length: count },
        (_, i) => [indicator("domain", `a${i}.com`), answered("unknown")] as const,
      ),
      ...more,
    ]);

  test("has nothing to say about what is no worse than what the output held", () => {
    expect(textOf(many(150), many(150))).toEqual([]);
  });

  test("has nothing to say either when a few long ones are more than it holds", () => {
    const long = Array.from({ length: 10 }, (_, i) =>
      indicator("url", `https://a.com/${"x".repeat(3_900)}/${i}`),
    );
    const now = report(long.map((url) => [url, answered("unknown")]));
    expect(textOf(now, now)).toEqual([]);
  });

  test("says what is worse than everything that the output left out", () => {
    const now = many(149, [[address(1), answered("malicious")]]);
    expect(textOf(many(150), now)[0]).toContain("1 new indicator (IP address 93[.]184[.]216[.]1)");
  });

  test("says when the others must have changed, since they count otherwise", () => {
    const [before, now] = [many(150, [[address(1), answered("clean")]]), many(150, [])];
    expect(textOf(before, now)[0]).toMatch(/UTC: the counts of verdicts\.$/);
  });
});
