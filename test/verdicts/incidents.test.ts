import { expect, test } from "vitest";
import { headlineOf } from "../../domain/comment/headline";
import type { Indicator } from "../../domain/indicators/indicator";
import type { Lookup, RunReport } from "../../domain/report/report";
import { summarize } from "../../domain/report/summary";
import { tagsFor } from "../../domain/report/tags";
import { indicator, noRecord, report, taken, viewOf } from "../support/reports";
import { engines, failed, intezerFile, quotaSpent, vt } from "../support/verdict-case";

type Row = readonly [indicator: Indicator, virustotal: Lookup, intezer?: Lookup];

const file = (digit: string) => indicator("file", digit.repeat(64));
const fresh = { last_analysis_date: Date.UTC(2026, 10, 20) / 1000 };
const recent = { analysis_time: "Fri, 20 Nov 2026 10:00:00 GMT" };
const malware: Row = [
  file("a"),
  vt("file", "file-malicious-rich", fresh),
  intezerFile("file-malicious", recent),
];
const clean: Row = [file("b"), vt("file", "file-clean-minimal", fresh)];
const oldClean: Row = [file("b"), vt("file", "file-clean-minimal")];
const google: Row = [indicator("domain", "google.com"), vt("domain", "domain-clean-one-engine-fp")];
const address: Row = [indicator("address", "8.8.8.8"), vt("address", "ip-clean-gti", fresh)];
const doubtful: Row = [file("c"), engines(3, 70, fresh)];
const notKnownAnywhere: Row = [file("d"), noRecord];
const down: Row = [file("e"), failed];
const unpaid: Row = [file("f"), quotaSpent];
const leftOut = [{ entityKind: "Ip", value: "10.0.0.1", reason: "private address" }];

interface Case {
  readonly what: string;
  readonly given: RunReport;
  readonly headline: string;
  /** Without `enriched`. */
  readonly tags: readonly string[];
  /** Default: none. */
  readonly notes?: readonly string[];
}

const cases: readonly Case[] = [
  {
    what: "one malicious file among clean ones",
    given: report([clean, address, malware]),
    headline: "Threat found: 1 of 3 indicators is malicious.",
    tags: ["threat-found"],
  },
  {
    what: "everything clean",
    given: report([clean, address]),
    headline: "No known threat: both indicators are clean.",
    tags: ["no-known-threat"],
  },
  {
    what: "clean but for one engine against google.com",
    given: report([clean, google]),
    headline: "No verdict: 1 of 2 indicators is unknown.",
    tags: ["verdict-unknown"],
  },
  {
    what: "clean but for a file that no provider knows",
    given: report([clean, notKnownAnywhere]),
    headline: "No verdict: 1 of 2 indicators is unknown.",
    tags: ["verdict-unknown"],
  },
  {
    what: "suspicious and unknown",
    given: report([notKnownAnywhere, doubtful]),
    headline: "Threat suspected: 1 of 2 indicators is suspicious.",
    tags: ["threat-suspected"],
  },
  {
    what: "clean, and one that could not be checked",
    given: report([clean, unpaid]),
    headline: "No verdict: 1 of 2 indicators is not checked.",
    tags: ["verdict-unknown", "enrichment-incomplete"],
    notes: ["Not checked (1): File ffffffffffff… VirusTotal: the key's quota is spent."],
  },
  {
    what: "clean, though only one of two services could be asked",
    given: report([address, [file("f"), quotaSpent, intezerFile("file-trusted", recent)]]),
    headline: "No known threat: 1 of 2 indicators fully checked. This does not clear the incident.",
    tags: ["no-known-threat", "enrichment-incomplete"],
    notes: ["Not checked (1): File ffffffffffff… VirusTotal: the key's quota is spent."],
  },
  {
    what: "malicious, and one that could not be checked",
    given: report([malware, down]),
    headline: "Threat found: 1 of 2 indicators is malicious, 1 not checked.",
    tags: ["threat-found", "enrichment-incomplete"],
    notes: ["Not checked (1): File eeeeeeeeeeee… VirusTotal answered with HTTP 503."],
  },
  {
    what: "nothing could be checked",
    given: report([down, unpaid]),
    headline: "Not checked: VirusTotal answered with HTTP 503.",
    tags: ["verdict-unknown", "enrichment-incomplete"],
    notes: [
      "Not checked (1): File eeeeeeeeeeee…",
      "Not checked (1): File ffffffffffff… VirusTotal: the key's quota is spent.",
    ],
  },
  {
    what: "a clean report of two years ago",
    given: report([oldClean]),
    headline: "No known threat: the only indicator is clean.",
    tags: ["no-known-threat"],
  },
  {
    what: "only private addresses",
    given: report([], { leftOut }),
    headline: "No verdict: nothing to look up.",
    tags: ["verdict-unknown"],
  },
  {
    what: "nothing to look up, and a triage that finds nothing",
    given: report([], { triage: taken("false_positive"), incidentSubmitted: true }),
    headline: "No verdict: nothing to look up.",
    tags: ["verdict-unknown"],
  },
  {
    what: "nothing to look up, and a triage that finds a threat",
    given: report([], { triage: taken("confirmed_threat"), incidentSubmitted: true }),
    headline: "Threat found: Intezer's triage is Confirmed Threat.",
    tags: ["threat-found"],
  },
  {
    what: "clean indicators, and a triage that finds a threat",
    given: report([clean, address], { triage: taken("confirmed_threat"), incidentSubmitted: true }),
    headline: "Threat found: Intezer's triage is Confirmed Threat; both indicators are clean.",
    tags: ["threat-found"],
  },
  {
    what: "clean indicators, and a triage that suspects one",
    given: report([clean], { triage: taken("likely_true_positive"), incidentSubmitted: true }),
    headline: "Threat suspected: Intezer's triage is Likely True Positive; the only indicator is clean.",
    tags: ["threat-suspected"],
  },
  {
    what: "a malicious file, and a triage that calls the incident a false positive",
    given: report([malware], { triage: taken("false_positive"), incidentSubmitted: true }),
    headline: "Threat found: the only indicator is malicious.",
    tags: ["threat-found"],
  },
  {
    what: "clean indicators, and a triage that came to no result",
    given: report([clean], { triage: taken("inconclusive"), incidentSubmitted: true }),
    headline: "No verdict: Intezer's triage is Inconclusive; the only indicator is clean.",
    tags: ["verdict-unknown"],
  },
  {
    what: "clean indicators, and a triage without a verdict, audited",
    given: report([clean], { triage: taken("audited"), incidentSubmitted: true }),
    headline: "No verdict: Intezer's triage is Audited; the only indicator is clean.",
    tags: ["verdict-unknown"],
  },
  {
    what: "clean indicators, and a triage still to come",
    given: report([clean], { triage: { kind: "pending" }, incidentSubmitted: true }),
    headline: "No known threat: the only indicator is clean. This does not clear the incident.",
    tags: ["no-known-threat", "enrichment-incomplete"],
    notes: ["Pending: Intezer's triage of the incident. It will follow in another comment."],
  },
];

test.each(cases)("$what", ({ given, headline, tags, notes = [] }) => {
  const summary = summarize(given);
  expect(headlineOf(given, summary)).toBe(headline);
  expect(tagsFor(summary)).toEqual(["enriched", ...tags]);
  expect(
    viewOf(given).notes.map(
      ({ title, count, text }) => `${title}${count === undefined ? "" : ` (${count})`}: ${text}`,
    ),
  ).toEqual(notes);
});
