import { describe, expect, test } from "vitest";
import { summarize } from "../../../domain/report/summary";
import { replaceTags, tagsFor, tagsForTriage } from "../../../domain/report/tags";
import type { Verdict } from "../../../domain/verdict";
import { answered, indicator, pending, report, triage } from "../../support/reports";

describe("tagsFor", () => {
  const address = indicator("address", "8.8.8.8");
  const summaryOf = (verdict: Verdict) => summarize(report([[address, answered(verdict)]]));

  test.each([
    ["malicious", "threat-found"],
    ["suspicious", "threat-suspected"],
    ["unknown", "verdict-unknown"],
    ["clean", "no-known-threat"],
  ] as const)("a %s incident is tagged %s", (verdict, tag) => {
    expect(tagsFor(summaryOf(verdict))).toEqual(["enriched", tag]);
  });

  test("an incident with something missing is tagged so", () => {
    const summary = summarize(report([[address, answered("clean"), pending]]));
    expect(tagsFor(summary)).toEqual(["enriched", "no-known-threat", "enrichment-incomplete"]);
  });

  test.each([
    ["url", "malicious", true, ["phishing"]],
    ["file", "malicious", true, ["phishing"]],
    ["url", "suspicious", true, []],
    ["address", "malicious", true, []],
    ["url", "malicious", false, []],
  ] as const)("a %s that is %s, with mail %s, adds %j", (kind, verdict, hasMail, more) => {
    const summary = summarize(report([[indicator(kind, "a"), answered(verdict)]], { hasMail }));
    expect(tagsFor(summary).slice(2)).toEqual(more);
  });

  test("an incident without anything to look up is never called free of threats", () => {
    expect(tagsFor(summarize(report([])))).toEqual(["enriched", "verdict-unknown"]);
  });
});

describe("replaceTags", () => {
  const wanted = (verdict: string, ...more: string[]) => ["enriched", verdict, ...more];

  test.each([
    ["replace", [], wanted("threat-found"), ["enriched", "threat-found"]],
    // Phishing is added, and kept as people spelled it.
    ["replace", ["Phishing"], wanted("threat-found", "phishing"), ["Phishing", "enriched", "threat-found"]],
    ["replace", ["phishing"], wanted("no-known-threat"), ["phishing", "enriched", "no-known-threat"]],
    ["update", [], wanted("threat-found", "phishing"), ["phishing", "enriched", "threat-found"]],
    ["raise", ["phishing"], wanted("threat-found"), ["phishing", "enriched", "threat-found"]],
    // An update: follows, but a threat that an addendum has found meanwhile stays.
    [
      "update",
      ["enriched", "verdict-unknown", "enrichment-incomplete"],
      wanted("no-known-threat"),
      ["enriched", "no-known-threat"],
    ],
    ["update", ["enriched", "threat-suspected"], wanted("threat-found"), ["enriched", "threat-found"]],
    ["update", ["enriched", "threat-found"], wanted("threat-suspected"), ["enriched", "threat-found"]],
    ["update", ["enriched", "threat-suspected"], wanted("no-known-threat"), ["enriched", "threat-suspected"]],
    // An addendum: only makes it worse, and clears nothing by itself; without a run nothing was enriched.
    ["raise", [], ["threat-suspected"], ["threat-suspected"]],
    ["raise", ["VIP"], ["no-known-threat"], ["VIP", "verdict-unknown"]],
    [
      "raise",
      ["enriched", "no-known-threat", "enrichment-incomplete"],
      wanted("threat-found"),
      ["enriched", "threat-found", "enrichment-incomplete"],
    ],
    ["raise", ["enriched", "threat-found"], wanted("no-known-threat"), ["enriched", "threat-found"]],
    ["raise", ["enriched", "verdict-unknown"], wanted("no-known-threat"), ["enriched", "verdict-unknown"]],
    ["raise", ["enriched", "no-known-threat"], wanted("verdict-unknown"), ["enriched", "verdict-unknown"]],
    ["raise", ["enriched", "no-known-threat"], wanted("no-known-threat"), ["enriched", "no-known-threat"]],
    ["raise", [], wanted("no-known-threat"), ["enriched", "verdict-unknown"]],
    // The addendum that brings the last missing part.
    [
      "complete",
      ["enriched", "threat-found", "enrichment-incomplete"],
      wanted("no-known-threat"),
      ["enriched", "threat-found"],
    ],
  ] as const)("%s: %j with %j is %j", (rule, present, tags, expected) => {
    expect(replaceTags(present, tags, rule)).toEqual(expected);
    expect(replaceTags(expected, tags, rule)).toEqual(expected);
  });

  test.each([
    // A later run takes back what the run before it said ...
    [["enriched", "threat-found"], "no-known-threat", ["enriched", "threat-found"], "no-known-threat"],
    // ... and not what an addendum or an analyst has found since.
    [["enriched", "threat-found"], "no-known-threat", ["enriched", "no-known-threat"], "threat-found"],
    [["enriched", "threat-suspected"], "threat-found", ["enriched", "no-known-threat"], "threat-found"],
    [["enriched", "verdict-unknown"], "no-known-threat", ["enriched", "verdict-unknown"], "no-known-threat"],
    [["enriched", "threat-found"], "verdict-unknown", [], "threat-found"],
    [[], "no-known-threat", ["enriched", "threat-found"], "no-known-threat"],
    // A first one takes back what it has found there, in any letters, and nothing that has come while it ran.
    [["Enriched", "Threat-Found"], "verdict-unknown", ["Enriched", "Threat-Found"], "verdict-unknown"],
    [["threat-found"], "no-known-threat", ["vip"], "threat-found"],
    // Of two verdicts one is not a run's own.
    [
      ["threat-found", "verdict-unknown"],
      "verdict-unknown",
      ["threat-found", "verdict-unknown"],
      "threat-found",
    ],
    [
      ["no-known-threat", "verdict-unknown"],
      "no-known-threat",
      ["no-known-threat", "verdict-unknown"],
      "no-known-threat",
    ],
  ] as const)("replace: %j with %s after %j is %s", (present, tag, before, expected) => {
    expect(replaceTags(present, wanted(tag), "replace", before)).toEqual(["enriched", expected]);
  });

  test.each([
    { present: [], tag: "no-known-threat", isIncomplete: false, expected: ["verdict-unknown"] },
    { present: ["no-known-threat"], tag: "threat-found", isIncomplete: false, expected: ["threat-found"] },
    { present: ["threat-found"], tag: "no-known-threat", isIncomplete: false, expected: ["threat-found"] },
    {
      present: ["threat-suspected", "no-known-threat"],
      tag: "no-known-threat",
      isIncomplete: false,
      expected: ["threat-suspected"],
    },
    {
      present: ["no-known-threat", "enrichment-incomplete"],
      tag: "no-known-threat",
      isIncomplete: false,
      expected: ["no-known-threat", "enrichment-incomplete"],
    },
    {
      present: ["no-known-threat"],
      tag: "no-known-threat",
      isIncomplete: true,
      expected: ["no-known-threat", "enrichment-incomplete"],
    },
  ])("merged: $present with $tag, incomplete $isIncomplete, is $expected", (row) => {
    const tags = ["enriched", row.tag, ...(row.isIncomplete ? ["enrichment-incomplete"] : [])];
    expect(replaceTags(row.present, tags, "merged")).toEqual(["enriched", ...row.expected]);
  });

  test.each(["replace", "update", "raise", "complete", "merged"] as const)(
    "%s keeps the tags of others as they are",
    (rule) => {
      const present = ["VIP", "threat-found", "vip", "redirected", "phishing"];
      expect(replaceTags(present, ["enriched", "threat-found"], rule)).toEqual([
        "VIP",
        "vip",
        "redirected",
        "phishing",
        "enriched",
        "threat-found",
      ]);
    },
  );
});

test.each([
  ["confirmed_threat", "threat-found"],
  ["likely_true_positive", "threat-suspected"],
  ["false_positive", "no-known-threat"],
  ["something_new", "verdict-unknown"],
])("a triage %s calls for %s", (verdict, tag) => {
  expect(tagsForTriage(triage(verdict))).toEqual([tag]);
});
