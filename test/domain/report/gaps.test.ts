import { describe, expect, test } from "vitest";
import { gapsOf, switchedOffIn, switchedOffTexts } from "../../../domain/report/gaps";
import type { Lookup } from "../../../domain/report/report";
import { answered, failed, file, indicator, notAsked, pending, report, sha256 } from "../../support/reports";

const url = indicator("url", "http://a.com/");

const off: Lookup = { kind: "off", reason: "INTEZER_URLS" };

describe("gaps", () => {
  test("are one per provider and cause, with the latest time", () => {
    const returning = (possibleAt: number): Lookup => ({
      kind: "notChecked",
      cause: "quota",
      reason: "quota spent",
      possibleAt,
    });
    const given = report([
      [indicator("file", sha256("1")), returning(1), pending],
      [indicator("file", sha256("2")), returning(3), pending],
      [indicator("file", sha256("3")), failed, answered("clean")],
    ]);
    expect(gapsOf(given)).toEqual([
      { provider: "VirusTotal", state: "notChecked", reason: "quota spent", indicators: 2, possibleAt: 3 },
      { provider: "VirusTotal", state: "failed", reason: "HTTP 503", indicators: 1 },
      {
        provider: "Intezer",
        state: "open",
        cause: "pending",
        reason: "Intezer is analysing it",
        indicators: 2,
      },
    ]);
  });
});

describe("what is switched off", () => {
  test("is listed by kind and setting, as far as the incident has such indicators", () => {
    const given = report([
      [url, notAsked, off],
      [file, notAsked, { kind: "off", reason: "A rule of the account skips it" }],
    ]);
    expect(switchedOffIn(given)).toEqual([
      { provider: "Intezer", indicators: [url], reason: "INTEZER_URLS" },
      { provider: "Intezer", indicators: [file], reason: "A rule of the account skips it" },
    ]);
    expect(switchedOffTexts(given)).toEqual([
      "Intezer did not look up 1 URL: INTEZER_URLS.",
      "Intezer did not look up 1 file: A rule of the account skips it.",
    ]);
  });
});
