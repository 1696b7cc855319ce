import { describe, expect, test } from "vitest";
import type { Lookup } from "../../../domain/report/report";
import { summarize } from "../../../domain/report/summary";
import { answered, failed, indicator, type Row, report, viewOf } from "../../support/reports";

const titles = ["VirusTotal", "Own list"];
const noEntry: Lookup = { kind: "noOpinion", reason: "it has no entry" };
const noRecord: Lookup = { kind: "notKnown", reason: "VirusTotal has no record" };
const off: Lookup = { kind: "off", reason: "the setting VIRUSTOTAL_KINDS switches this off" };
const rejected: Lookup = { kind: "notChecked", cause: "key", reason: "VirusTotal rejected the API key" };
const address = (digit: number) => indicator("address", `8.8.8.${digit}`);

interface Case {
  readonly what: string;
  readonly rows: readonly Row[];
  readonly headline: string;
  /** Of the groups. */
  readonly lines: readonly string[];
  readonly notChecked?: number;
}

const cases: readonly Case[] = [
  {
    what: "beside a clean answer",
    rows: [[address(1), answered("clean", { summary: "0 of 90 engines" }), noEntry]],
    headline: "No known threat: the only indicator is clean.",
    lines: ["IP address 8[.]8[.]8[.]1: VirusTotal 0 of 90 engines"],
  },
  {
    what: "beside a service without a record",
    rows: [1, 2, 3].map((digit) => [address(digit), noRecord, noEntry]),
    headline: "No verdict: none of the 3 indicators is known to VirusTotal.",
    lines: ["3 IP addresses (8[.]8[.]8[.]1, 8[.]8[.]8[.]2, 8[.]8[.]8[.]3): VirusTotal has no record"],
  },
  {
    what: "beside a service that could not be queried",
    rows: [[address(1), rejected, noEntry]],
    headline: "Not checked: VirusTotal rejected the API key.",
    lines: [],
    notChecked: 1,
  },
  {
    what: "where no other provider is asked",
    rows: [
      [address(1), off, noEntry],
      [address(2), off, noEntry],
    ],
    headline: "No verdict: none of the 2 indicators is known to Own list.",
    lines: [
      "IP address 8[.]8[.]8[.]1, IP address 8[.]8[.]8[.]2 (no entry in Own list, no other provider was queried): ",
    ],
  },
  {
    what: "for one indicator, and a match for another",
    rows: [
      [address(1), noRecord, answered("suspicious", { summary: "confidence 90" })],
      [address(2), noRecord, noEntry],
    ],
    headline: "Threat suspected: 1 of 2 indicators is suspicious.",
    lines: ["IP address 8[.]8[.]8[.]2: VirusTotal has no record"],
  },
  {
    what: "which is not what a failure is",
    rows: [[address(1), answered("clean", { summary: "0 of 90 engines" }), failed]],
    headline:
      "No known threat: the only indicator is clean. Own list did not answer. This does not clear the incident.",
    lines: ["IP address 8[.]8[.]8[.]1: VirusTotal 0 of 90 engines; Own list not checked"],
    notChecked: 1,
  },
];

describe("a list of threats without an entry", () => {
  test.each(cases)("says nothing, and hides nothing: $what", ({ rows, headline, lines, notChecked = 0 }) => {
    const given = report(rows, {}, titles);
    const view = viewOf(given);
    expect(view.headline).toBe(headline);
    expect(
      view.groups.flatMap(({ items }) =>
        items.map(({ label, figures }) => {
          const said = figures.map(({ provider, text }) => `${provider} ${text}`).join("; ");
          return `${label}: ${said}`;
        }),
      ),
    ).toEqual(lines);
    expect(summarize(given).counts.notChecked).toBe(notChecked);
  });

  test("is not among those that something was sent to when it is the organisation's own", () => {
    const rows: readonly Row[] = [[address(1), noRecord, answered("suspicious")]];
    const providers = [
      { id: "virustotal", title: "VirusTotal" },
      { id: "own list", title: "Own list", isInternal: true as const },
    ];
    const { footer } = viewOf(report(rows, { providers }, titles));
    expect(footer).toContain("Sent to VirusTotal: 1 IP address");
    expect(footer.filter((line) => line.includes("Own list"))).toEqual([]);
  });
});
