import { describe, expect, test } from "vitest";
import { addendumView } from "../../../domain/comment/view";
import type { Lookup } from "../../../domain/report/report";
import { deliveryMark } from "../../../domain/run/own-comments";
import type { Verdict } from "../../../domain/verdict";
import {
  addresses,
  answered,
  file,
  indicator,
  open,
  ordinaryReport,
  report,
  startedAt,
  taken,
  triage,
  viewOf,
} from "../../support/reports";

const bySetting: Lookup = { kind: "off", reason: "the setting VIRUSTOTAL_KINDS switches this off" };

describe("Intezer's triage", () => {
  interface Case {
    readonly what: string;
    readonly lookups: readonly Verdict[];
    readonly verdict: string;
    readonly lead: readonly string[];
  }
  test.each<Case>([
    {
      what: "harmless, against a threat",
      lookups: ["malicious", "clean"],
      verdict: "false_positive",
      lead: ["Intezer's triage disagrees: False Positive."],
    },
    {
      what: "a threat, against clean indicators",
      lookups: ["clean", "clean"],
      verdict: "confirmed_threat",
      lead: ["The lookups disagree: they call every indicator clean."],
    },
    {
      what: "a threat, and no one says otherwise",
      lookups: ["clean", "unknown"],
      verdict: "confirmed_threat",
      lead: [],
    },
    { what: "a threat, as the lookups say", lookups: ["suspicious"], verdict: "confirmed_threat", lead: [] },
    { what: "harmless, as the lookups say", lookups: ["clean"], verdict: "false_positive", lead: [] },
  ])("that finds $what: $lead", ({ lookups, verdict, lead }) => {
    expect(viewOf({ ...addresses(...lookups), triage: taken(verdict) }).lead).toEqual(lead);
  });

  test("has its risk, family, actions and note", () => {
    const more = {
      riskLevel: "High",
      riskCategory: "Malware",
      family: "Carbanak",
      note: "Isolate it before noon.",
      recommendedActions: ["Isolate the host.", "Reset the password"],
      link: "https://analyze.intezer.com/alerts/1",
    };
    expect(viewOf(report([], { triage: taken("confirmed_threat", more) })).triage).toEqual({
      verdict: "Confirmed Threat",
      facts: ["high risk", "Malware", "Carbanak"],
      actions: "Isolate the host; Reset the password",
      note: "Isolate it before noon.",
      link: "https://analyze.intezer.com/alerts/1",
    });
  });

  test("has no note that only repeats it", () => {
    const more = { riskLevel: "Low", note: "Intezer verdict: False Positive. Risk: Low." };
    expect(viewOf(report([], { triage: taken("false_positive", more) })).triage).not.toHaveProperty("note");
  });
});

describe("footer", () => {
  test("has run, duration, version, and what was sent to whom", () => {
    expect(
      viewOf(ordinaryReport({ incidentSubmitted: true, triage: taken("confirmed_threat") })).footer,
    ).toEqual([
      "Incident 4712, run 1795356300000, 2026-11-22 14:05 UTC, took 42 s, Sentinel Incident Enricher 1.2.3",
      "Sent to VirusTotal: 3 files, 2 URLs, 1 domain, 2 IP addresses",
      "Sent to Intezer: the whole incident, 3 files",
      "Intezer delivery 0123456789abcdef",
    ]);
  });

  test("says what came from the cache and since when, which was not sent", () => {
    const at = (minutes: number) => startedAt + minutes * 60_000;
    const kept = (minutes: number) => ({ ...answered("clean"), keptSince: at(minutes) });
    // The last one was kept by this run itself.
    expect(viewOf(addresses(kept(-30), kept(-90), kept(1))).footer.slice(1)).toEqual([
      "Sent to VirusTotal: 1 IP address",
      "2 answers from the cache, the oldest from 2026-11-22 12:35 UTC",
    ]);
  });

  test("claims nothing was sent that was not", () => {
    const waiting = open("quota", "not asked yet");
    const spent: Lookup = { kind: "notChecked", cause: "quota", reason: "x" };
    expect(viewOf(addresses(bySetting, waiting, spent)).footer[1]).toBe("Nothing was sent to any provider");
  });

  test("says of which URLs only the fingerprint was sent", () => {
    const privateUrl = { ...indicator("url", "https://a.com/?token=1"), byFingerprint: true } as const;
    const given = report([
      [privateUrl, answered("clean")],
      [indicator("url", "https://b.com/"), answered("clean")],
    ]);
    expect(viewOf(given).footer[1]).toBe("Sent to VirusTotal: 1 URL, the fingerprint of 1 URL");
  });

  test("says what is switched off in words, without the names of settings and headers", () => {
    const off = (reason: string): Lookup => ({ kind: "off", reason });
    const intezer = off("the setting INTEZER_URLS switches this off");
    const given = report(
      [
        [indicator("url", "https://a.com/"), bySetting, intezer],
        [indicator("url", "https://b.com/"), answered("clean"), intezer],
        [file, off("VirusTotal has no API key: set VIRUSTOTAL_API_KEY"), answered("clean")],
        [
          indicator("domain", "a.com"),
          off("the automation rule switches this off (x-enricher-without: virustotal)"),
        ],
      ],
      {
        triage: {
          kind: "none",
          reason: "the automation rule switches this off (x-enricher-without: intezer-alerts)",
        },
      },
    );
    expect(viewOf(given).footer.slice(3)).toEqual([
      "VirusTotal does not open URLs here",
      "VirusTotal has no API key",
      "VirusTotal did not look up 1 domain: the automation rule switches this off",
      "Intezer does not open URLs here",
      "Intezer was not asked for a triage: the automation rule switches this off",
    ]);
  });
});

describe("addendum", () => {
  const at = Date.UTC(2026, 10, 22, 15, 0);
  const addendum = (verdict: string, before?: Verdict) =>
    addendumView(triage(verdict), "0123456789abcdef", { version: "1.2.3", lengthLimit: 29_000, at, before });

  test.each([
    {
      verdict: "confirmed_threat",
      headline: "Threat found. Intezer's triage of the incident: Confirmed Threat.",
    },
    {
      verdict: "suspicious_behavior",
      headline: "Threat suspected. Intezer's triage of the incident: Suspicious Behavior.",
    },
    { verdict: "inconclusive", headline: "Intezer's triage of the incident: Inconclusive." },
    {
      verdict: "false_positive",
      headline: "Intezer's triage of the incident: False Positive. This does not clear the incident.",
    },
  ])("$verdict: $headline", ({ verdict, headline }) => expect(addendum(verdict).headline).toBe(headline));

  interface Change {
    readonly verdict: string;
    readonly before?: Verdict;
    readonly lead: readonly string[];
  }
  test.each<Change>([
    {
      verdict: "confirmed_threat",
      before: "clean",
      lead: ['This changes the verdict of the incident from "No known threat" to "Threat found".'],
    },
    {
      verdict: "likely_true_positive",
      before: "unknown",
      lead: ['This changes the verdict of the incident from "No verdict" to "Threat suspected".'],
    },
    {
      verdict: "false_positive",
      before: "malicious",
      lead: ['The verdict of the incident remains "Threat found".'],
    },
    { verdict: "confirmed_threat", before: "malicious", lead: [] },
    { verdict: "false_positive", before: "clean", lead: [] },
    { verdict: "confirmed_threat", lead: [] },
  ])("$verdict after $before: $lead", ({ verdict, before, lead }) =>
    expect(addendum(verdict, before).lead).toEqual(lead),
  );

  test("carries its delivery", () => {
    expect(addendum("confirmed_threat").footer).toEqual([
      "2026-11-22 15:00 UTC, Sentinel Incident Enricher 1.2.3",
      `Intezer ${deliveryMark("0123456789abcdef")}`,
    ]);
  });
});
