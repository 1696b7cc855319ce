import { describe, expect, test } from "vitest";
import { switchedOffBy } from "../../../domain/lookups/provider";
import type { Lookup } from "../../../domain/report/report";
import { addresses, file, indicator, ordinaryReport, pending, report, viewOf } from "../../support/reports";

describe("notes", () => {
  test("say what is missing, why, and when it will be possible", () => {
    const possibleAt = Date.UTC(2026, 10, 23);
    const given = report(
      [
        [
          file,
          { kind: "notChecked", cause: "quota", reason: "The key's quota of the day is spent", possibleAt },
          pending,
        ],
        [
          indicator("url", "http://a.com/"),
          { kind: "notAnswered", reason: "no answer before the deadline" },
          { kind: "off", reason: switchedOffBy("INTEZER_URLS") },
        ],
      ],
      { triage: { kind: "failed", reason: "HTTP 400: the mapping was refused" } },
    );
    expect(viewOf(given).notes).toEqual([
      "VirusTotal: 1 indicator not checked. The key's quota of the day is spent. Possible again from 2026-11-23 00:00 UTC.",
      "VirusTotal: 1 indicator not answered in time. No answer before the deadline.",
      "Intezer: 1 indicator pending. Intezer is analysing it.",
      "What is still open is told in another comment.",
      "The incident could not be submitted to Intezer. HTTP 400: the mapping was refused.",
      "Intezer was not asked about 1 URL. The setting INTEZER_URLS switches this off.",
    ]);
  });

  test("say that a rule wanted no triage", () => {
    const reason = "the automation rule switches this off (x-enricher-without: intezer-alerts)";
    expect(viewOf(report([], { triage: { kind: "none", reason } })).notes).toEqual([
      "Intezer was not asked for a triage of the incident. The automation rule switches this off (x-enricher-without: intezer-alerts).",
    ]);
  });

  test("say that a triage is awaited", () => {
    const given = { ...addresses("clean"), incidentSubmitted: true, triage: { kind: "pending" } as const };
    expect(viewOf(given).notes).toEqual([
      "Intezer's triage of the incident is pending; it is told in another comment when it comes.",
    ]);
  });

  test("are none when everything was answered", () => expect(viewOf(ordinaryReport()).notes).toEqual([]));

  test("name ten causes and count the others", () => {
    const { notes } = viewOf(
      addresses(...Array.from({ length: 14 }, (_, i): Lookup => ({ kind: "failed", reason: `fault ${i}` }))),
    );
    expect(notes).toHaveLength(11);
    expect(notes.at(-1)).toBe("For other reasons not checked: 4 lookups.");
  });
});
