import { describe, expect, test } from "vitest";
import type { Lookup, RunReport } from "../../../domain/report/report";
import {
  addresses,
  answered,
  failed,
  file,
  indicator,
  noCopy,
  noRecord,
  pending,
  rejected,
  report,
  taken,
  unreadable,
  viewOf,
} from "../../support/reports";

const off: Lookup = { kind: "off", reason: "the setting VIRUSTOTAL_KINDS switches this off" };
const address = indicator("address", "8.8.8.8");

interface Case {
  readonly what: string;
  readonly given: RunReport;
  readonly headline: string;
}

const cases: readonly Case[] = [
  {
    what: "bad ones of both kinds",
    given: addresses("malicious", "suspicious", "suspicious", "clean"),
    headline: "Threat found: 1 of 4 indicators is malicious, 2 suspicious.",
  },
  {
    what: "several malicious ones",
    given: addresses("malicious", "malicious", "malicious", "clean", "unknown", "clean"),
    headline: "Threat found: 3 of 6 indicators are malicious.",
  },
  {
    what: "one bad indicator alone",
    given: addresses("suspicious"),
    headline: "Threat suspected: the only indicator is suspicious.",
  },
  {
    what: "a bad one beside one that was not checked",
    given: addresses("malicious", "clean", failed),
    headline: "Threat found: 1 of 3 indicators is malicious, 1 not checked.",
  },
  {
    what: "a bad one, and a provider that could not be queried at all",
    given: report([
      [file, rejected, answered("malicious")],
      ...[1, 2, 3].map((i) => [indicator("address", `8.8.8.${i}`), rejected] as const),
    ]),
    headline: "Threat found: 1 of 4 indicators is malicious. VirusTotal could not be queried.",
  },
  {
    what: "a bad one, and a provider that never answered",
    given: report([[file, answered("malicious"), failed]]),
    headline: "Threat found: the only indicator is malicious. Intezer did not answer.",
  },
  {
    what: "everything clean",
    given: addresses("clean", "clean"),
    headline: "No known threat: both indicators are clean.",
  },
  {
    what: "one clean indicator",
    given: addresses("clean"),
    headline: "No known threat: the only indicator is clean.",
  },
  {
    what: "clean, and one answer still to come",
    given: report([
      [file, answered("clean"), pending],
      [indicator("file", "b".repeat(64)), answered("clean"), answered("clean")],
    ]),
    headline: "No known threat: 1 of 2 indicators fully checked. This does not clear the incident.",
  },
  {
    what: "clean, and one provider's only answer still to come",
    given: report([[file, answered("clean"), pending]]),
    headline:
      "No known threat: the only indicator is clean. Intezer's answer is pending. This does not clear the incident.",
  },
  {
    what: "clean, and a triage still to come",
    given: { ...addresses("clean"), incidentSubmitted: true, triage: { kind: "pending" } },
    headline: "No known threat: the only indicator is clean. This does not clear the incident.",
  },
  {
    what: "what has no record",
    given: report([
      [file, noRecord, noCopy],
      [address, noRecord],
    ]),
    headline: "No verdict: none of the 2 indicators is known to VirusTotal or Intezer.",
  },
  {
    what: "one without a record",
    given: report([[address, noRecord]]),
    headline: "No verdict: the only indicator is not known to VirusTotal.",
  },
  {
    what: "unknown beside clean",
    given: addresses("clean", "unknown"),
    headline: "No verdict: 1 of 2 indicators is unknown.",
  },
  {
    what: "unknown, not checked and switched off, which are three things",
    given: addresses("clean", "unknown", failed, off),
    headline: "No verdict: 1 of 4 indicators is unknown, 1 not checked, 1 not looked up.",
  },
  {
    what: "clean, and one without an answer",
    given: addresses("clean", failed),
    headline: "No verdict: 1 of 2 indicators is not checked.",
  },
  {
    what: "clean by one provider, and nothing from the other",
    given: report([
      [file, failed, answered("clean")],
      [address, failed],
    ]),
    headline: "No verdict: 1 of 2 indicators checked. VirusTotal did not answer.",
  },
  {
    what: "a rejected key, and nothing else",
    given: addresses(rejected, rejected),
    headline: "Not checked: VirusTotal rejected the API key.",
  },
  {
    what: "faults, and nothing else",
    given: addresses({ kind: "failed", reason: "HTTP 503" }),
    headline: "Not checked: VirusTotal: HTTP 503.",
  },
  {
    what: "lookups that are all still waited for",
    given: report([[file, pending]], {}, ["Intezer"]),
    headline: "Pending: Intezer is analysing it.",
  },
  {
    what: "lookups that are all switched off",
    given: addresses(off, off),
    headline: "No verdict: nothing was looked up.",
  },
  { what: "nothing to look up", given: report([]), headline: "No verdict: nothing to look up." },
  {
    what: "only what could not be read",
    given: report([], { leftOut: [unreadable("x"), unreadable("y")] }),
    headline: "No verdict: 2 indicators could not be read.",
  },
  {
    what: "one clean address beside four that could not be read",
    given: { ...addresses("clean"), leftOut: ["a", "b", "c", "d"].map(unreadable) },
    headline: "No verdict: the only readable indicator is clean. 4 indicators could not be read.",
  },
  {
    what: "a bad one beside one that could not be read",
    given: { ...addresses("malicious", "clean"), leftOut: [unreadable("a")] },
    headline: "Threat found: 1 of 2 indicators is malicious. 1 indicator could not be read.",
  },
  {
    what: "a rejected key, and one that could not be read",
    given: { ...addresses(rejected), leftOut: [unreadable("a")] },
    headline: "Not checked: VirusTotal rejected the API key. 1 indicator could not be read.",
  },
  {
    what: "a triage alone",
    given: report([], { triage: taken("confirmed_threat") }),
    headline: "Threat found: Intezer's triage is Confirmed Threat.",
  },
  {
    what: "a triage that finds nothing, alone",
    given: report([], { triage: taken("false_positive") }),
    headline: "No verdict: nothing to look up.",
  },
  {
    what: "a triage that is worse than the lookups",
    given: { ...addresses("clean", "unknown"), triage: taken("confirmed_threat") },
    headline: "Threat found: Intezer's triage is Confirmed Threat; 1 of 2 indicators is unknown.",
  },
  {
    what: "a triage that came to no result",
    given: { ...addresses("clean"), triage: taken("inconclusive") },
    headline: "No verdict: Intezer's triage is Inconclusive; the only indicator is clean.",
  },
  {
    what: "a triage and nothing checked",
    given: { ...addresses(rejected), triage: taken("confirmed_threat") },
    headline:
      "Threat found: Intezer's triage is Confirmed Threat; no indicator was checked. VirusTotal could not be queried.",
  },
];

describe("headline of", () => {
  test.each(cases)("$what: $headline", ({ given, headline }) => {
    expect(viewOf(given).headline).toBe(headline);
  });
});
