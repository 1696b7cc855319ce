import { describe, expect, test } from "vitest";
import type { Lookup } from "../../../domain/report/report";
import {
  addresses,
  answered,
  file,
  indicator,
  ordinaryReport,
  pending,
  report,
  viewOf,
} from "../../support/reports";

describe("notes", () => {
  test("say what is missing, why, and when it will be possible", () => {
    const possibleAt = Date.UTC(2026, 10, 23);
    const given = report(
      [
        [
          file,
          {
            kind: "notChecked",
            cause: "quota",
            reason: "the quota of 500 requests a day is used up",
            possibleAt,
          },
          pending,
        ],
        [indicator("url", "http://a.com/"), { kind: "notAnswered", reason: "no answer before the deadline" }],
        [indicator("domain", "a.com"), answered("clean")],
      ],
      { triage: { kind: "failed", reason: "HTTP 400: the mapping was refused" } },
    );
    expect(viewOf(given).notes).toEqual([
      {
        title: "Not checked",
        count: 1,
        text: "File invoice.exe (aaaaaaaaaaaa…). VirusTotal: the quota of 500 requests a day is used up. Lookups are possible again from 2026-11-23 00:00 UTC.",
      },
      {
        title: "Not checked",
        count: 1,
        text: "URL hxxp://a[.]com/. VirusTotal: no answer before the deadline.",
      },
      {
        title: "Pending",
        count: 1,
        text: "File invoice.exe (aaaaaaaaaaaa…). Intezer is analysing it. The result will follow in another comment.",
      },
      {
        title: "Not submitted",
        text: "The incident could not be submitted to Intezer. HTTP 400: the mapping was refused.",
      },
    ]);
  });

  test("are one for each cause, and name three indicators of it", () => {
    const failed: Lookup = { kind: "failed", reason: "HTTP 503" };
    expect(viewOf(addresses(failed, failed, failed, failed, "clean")).notes).toEqual([
      {
        title: "Not checked",
        count: 4,
        text: "IP address 8[.]8[.]0[.]1, IP address 8[.]8[.]1[.]1, IP address 8[.]8[.]2[.]1 and 1 more. VirusTotal: HTTP 503.",
      },
    ]);
  });

  test("do not repeat the cause that the headline gives", () => {
    const rejected: Lookup = { kind: "notChecked", cause: "key", reason: "VirusTotal rejected the API key" };
    const view = viewOf(addresses(rejected));
    expect(view.headline).toBe("Not checked: VirusTotal rejected the API key.");
    expect(view.notes).toEqual([{ title: "Not checked", count: 1, text: "IP address 8[.]8[.]0[.]1." }]);
  });

  test("say that a triage is awaited", () => {
    const given = { ...addresses("clean"), incidentSubmitted: true, triage: { kind: "pending" } as const };
    expect(viewOf(given).notes).toEqual([
      { title: "Pending", text: "Intezer's triage of the incident. It will follow in another comment." },
    ]);
  });

  test("are none when everything was answered", () => expect(viewOf(ordinaryReport()).notes).toEqual([]));

  test("name ten causes and count the others", () => {
    const { notes } = viewOf(
      addresses(...Array.from({ length: 14 }, (_, i): Lookup => ({ kind: "failed", reason: `fault ${i}` }))),
    );
    expect(notes).toHaveLength(11);
    expect(notes.at(-1)).toEqual({
      title: "Not checked",
      count: 4,
      text: "Other indicators, for other reasons.",
    });
  });
});
