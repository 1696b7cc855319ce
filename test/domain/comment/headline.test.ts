import { describe, expect, test } from "vitest";
import type { Lookup, RunReport } from "../../../domain/report/report";
import { addresses, answered, failed, file, pending, report, taken, viewOf } from "../../support/reports";

const off: Lookup = { kind: "off", reason: "VIRUSTOTAL_KINDS" };

describe("headline", () => {
  test.each<[RunReport, string]>([
    [
      addresses("malicious", "suspicious", "suspicious", "clean", failed),
      "Threat found: 1 malicious, 2 suspicious of 5 indicators; 4 of 5 checked.",
    ],
    [addresses("suspicious"), "Threat suspected: the only indicator is suspicious; 1 of 1 checked."],
    [
      addresses("clean", failed, off),
      "Verdict unknown: 2 unknown of 3 indicators; 1 of 3 checked, 1 switched off.",
    ],
    [addresses("clean", "clean"), "No known threat: 2 of 2 indicators checked."],
    [
      report([
        [file, answered("clean"), pending],
        [file, answered("clean"), answered("clean")],
      ]),
      "No known threat: 1 of 2 indicators checked, 1 not checked. This does not clear the incident.",
    ],
    [
      { ...addresses("clean"), incidentSubmitted: true, triage: { kind: "pending" } },
      "No known threat: the only indicator is checked. This does not clear the incident.",
    ],
    [addresses("clean"), "No known threat: the only indicator is checked."],
    [
      report([[file, answered("clean"), pending]]),
      "No known threat: the only indicator is not fully checked. This does not clear the incident.",
    ],
    [addresses(failed), "Verdict unknown: the only indicator is unknown; 0 of 1 checked."],
    [addresses(off), "Verdict unknown: the only indicator is unknown; 0 of 1 checked, 1 switched off."],
    [report([]), "Verdict unknown: nothing to look up."],
    [
      report([], { triage: taken("confirmed_threat") }),
      "Threat found: Intezer's triage is Confirmed Threat.",
    ],
    [report([], { triage: taken("false_positive") }), "Verdict unknown: nothing to look up."],
    [
      { ...addresses("clean"), triage: taken("confirmed_threat") },
      "Threat found: Intezer's triage is Confirmed Threat; the only indicator is neither malicious nor suspicious; 1 of 1 checked.",
    ],
    [
      { ...addresses("clean", "unknown"), triage: taken("confirmed_threat") },
      "Threat found: Intezer's triage is Confirmed Threat; none of 2 indicators is malicious or suspicious; 2 of 2 checked.",
    ],
    [
      { ...addresses("malicious"), triage: taken("confirmed_threat") },
      "Threat found: the only indicator is malicious; 1 of 1 checked.",
    ],
  ])("%2$s", (given, headline) => expect(viewOf(given).headline).toBe(headline));
});
