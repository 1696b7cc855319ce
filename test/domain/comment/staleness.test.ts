import { expect, test } from "vitest";
import { assessedText, staleNotes } from "../../../domain/comment/notes";
import { answered, indicator, report, startedAt } from "../../support/reports";

const day = 86_400_000;
const at = Date.UTC(2026, 10, 22, 14, 5);

test.each([
  [0, "2026-11-22 14:05 UTC"],
  [90, "2026-08-24 14:05 UTC"],
  [91, "2026-08-23 14:05 UTC (stale, 91 days old)"],
  [800, "2024-09-13 14:05 UTC (stale, 2 years old)"],
  [-1, "2026-11-23 14:05 UTC"],
])("an assessment of %d days ago reads %s", (days, expected) =>
  expect(assessedText(at - days * day, at)).toBe(expected),
);

test("stale answers are counted by provider", () => {
  const old = (days: number) => answered("clean", { assessedAt: startedAt - days * day });
  const given = report([
    [indicator("domain", "a.com"), old(200), old(1)],
    [indicator("domain", "b.com"), old(300), { kind: "failed", reason: "HTTP 503" }],
    [indicator("domain", "c.com"), answered("clean"), old(100)],
  ]);
  expect(staleNotes(given)).toEqual([
    "VirusTotal: 2 answers stale, more than 90 days old.",
    "Intezer: 1 answer stale, more than 90 days old.",
  ]);
});
