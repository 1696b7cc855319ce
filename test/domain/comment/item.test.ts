import { describe, expect, test } from "vitest";
import type { Item } from "../../../domain/comment/item";
import type { Indicator } from "../../../domain/indicators/indicator";
import type { Lookup, RunReport } from "../../../domain/report/report";
import {
  addresses,
  answered,
  failed,
  file,
  indicator,
  notAsked,
  ordinaryReport,
  pending,
  type Row,
  report,
  startedAt,
  viewOf,
} from "../../support/reports";

const address = indicator("address", "8.8.8.8");
const day = 86_400_000;

/** An item as it is printed, without its links. */
const textOf = ({ verdict, label, figures, facts }: Item) =>
  [
    ...(verdict ? [verdict] : []),
    label,
    figures.map(({ provider, text }) => `${provider} ${text}`).join("; "),
    ...facts,
  ].join(" | ");

const bad = (given: RunReport) => viewOf(given).bad.map(textOf);
const groups = (given: RunReport) =>
  viewOf(given).groups.map(({ title, count, items }) => ({ [`${title} (${count})`]: items.map(textOf) }));
const only = (subject: Indicator, ...lookups: readonly (Lookup | undefined)[]) => {
  const { bad: items, groups: paragraphs } = viewOf(report([[subject, ...lookups]]));
  return [...items, ...paragraphs.flatMap((group) => group.items)].map(textOf)[0];
};

describe("an ordinary incident", () => {
  test("has its bad ones first, each with figures and the most important facts", () => {
    expect(bad(ordinaryReport())).toEqual([
      "Malicious | file invoice_2026.exe (aaaaaaaaaaaa…) | VirusTotal 54 of 72 engines; Intezer malicious, Orcus RAT | Win32 EXE, invalid signature: revoked.",
      "Suspicious | URL hxxps://login[.]example[.]com/a?x=1 | VirusTotal 2 of 91 engines | Page title: Sign in.",
    ]);
  });

  test("has unknown, clean and left-out ones in a paragraph each", () => {
    expect(groups(ordinaryReport())).toEqual([
      { "Unknown (1)": ["file cccccccccccc… | VirusTotal has no record; Intezer has no copy of the file"] },
      {
        "Clean (5)": [
          "file cmd.exe (bbbbbbbbbbbb…) | VirusTotal 0 of 74 engines; Intezer trusted | Win32 EXE, signed by Microsoft Windows.",
          "URL hxxp://files[.]example[.]org/q | VirusTotal 0 of 91 engines",
          "domain malware-c2[.]example[.]com | VirusTotal 0 of 90 engines",
          "IP address 8[.]8[.]8[.]8 | VirusTotal 0 of 90 engines | AS15169 Google LLC, US.",
          "IP address 2606:4700:4700::1111 | VirusTotal 0 of 90 engines",
        ],
      },
      {
        "Not looked up (3)": [
          "10[.]20[.]30[.]40, 192[.]168[.]50[.]35 (private address) | ",
          "host WS-0042 (not an indicator) | ",
        ],
      },
    ]);
  });

  test("links to the reports, of several indicators to none", () => {
    const link = "https://www.virustotal.com/gui/ip-address/8.8.8.8";
    const rows = (count: number) =>
      report(
        Array.from(
          { length: count },
          (_, i): Row => [indicator("address", `8.8.8.${i}`), answered("clean", { link })],
        ),
      );
    expect(viewOf(rows(1)).groups[0]?.items[0]?.figures).toEqual([
      { provider: "VirusTotal", link, text: "clean" },
    ]);
    expect(viewOf(rows(2)).groups[0]?.items[0]?.figures).toEqual([{ provider: "VirusTotal", text: "clean" }]);
  });
});

interface FigureCase {
  readonly what: string;
  readonly lookup: Lookup;
  readonly reads: string;
}

describe("a figure", () => {
  const malicious = (assessedAt?: number) =>
    answered("malicious", {
      summary: "54 of 72 engines",
      ...(assessedAt === undefined ? {} : { assessedAt }),
    });
  test.each<FigureCase>([
    { what: "an answer", lookup: malicious(), reads: "54 of 72 engines" },
    { what: "an answer of today", lookup: malicious(startedAt), reads: "54 of 72 engines" },
    { what: "one of 89 days ago", lookup: malicious(startedAt - 89 * day), reads: "54 of 72 engines" },
    {
      what: "one of 91 days ago, with its age",
      lookup: malicious(startedAt - 91 * day),
      reads: "54 of 72 engines (2026-08-23, 91 days old)",
    },
    {
      what: "one of two years ago",
      lookup: malicious(startedAt - 800 * day),
      reads: "54 of 72 engines (2024-09-13, 2 years old)",
    },
    {
      what: "no record",
      lookup: { kind: "notKnown", reason: "VirusTotal has no record" },
      reads: "has no record",
    },
    {
      what: "a spent quota",
      lookup: { kind: "notChecked", cause: "quota", reason: "x" },
      reads: "not checked",
    },
    { what: "a fault", lookup: failed, reads: "not checked" },
    { what: "no answer in time", lookup: { kind: "notAnswered", reason: "x" }, reads: "not checked" },
    { what: "an analysis under way", lookup: pending, reads: "pending" },
  ])("of $what reads $reads", ({ lookup, reads }) => {
    expect(only(file, lookup, answered("malicious", { summary: "malicious" }))).toBe(
      `Malicious | file invoice.exe (aaaaaaaaaaaa…) | VirusTotal ${reads}; Intezer malicious`,
    );
  });

  test("is none of a provider that is switched off or has no such lookup", () => {
    expect(only(file, answered("clean"), { kind: "off", reason: "x" })).toBe(
      "file invoice.exe (aaaaaaaaaaaa…) | VirusTotal clean",
    );
    expect(only(address, answered("clean"), notAsked)).toBe("IP address 8[.]8[.]8[.]8 | VirusTotal clean");
  });
});

describe("facts", () => {
  test("are what the figure does not say: the first other reason, then context", () => {
    const answer = answered("suspicious", {
      summary: "0 of 70 engines",
      reasons: [
        "None of 70 engines found anything.",
        "Called malicious by sandboxes: Zenbox.",
        "More.",
        "Most.",
      ],
      context: "Win32 EXE",
    });
    expect(only(file, answer)).toBe(
      "Suspicious | file invoice.exe (aaaaaaaaaaaa…) | VirusTotal 0 of 70 engines | Called malicious by sandboxes: Zenbox. | Win32 EXE.",
    );
  });

  test("include the Safe Link in which a URL stood", () => {
    const safeLink = "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fevil.example%2F";
    expect(only({ ...indicator("url", "https://evil.example/"), safeLink }, answered("malicious"))).toBe(
      `Malicious | URL hxxps://evil[.]example/ | VirusTotal malicious | From the Safe Link ${safeLink}.`,
    );
  });

  test("say of a private URL that only its fingerprint was sent, and show it without what is private", () => {
    const url = {
      ...indicator("url", "https://login.example/reset?…"),
      byFingerprint: true,
    } as const;
    const text = only(url, answered("malicious"));
    expect(text).toBe(
      "Malicious | URL hxxps://login[.]example/reset?… | VirusTotal malicious | Private: only the fingerprint (SHA-256) was sent.",
    );
  });

  test("say who disagrees", () => {
    expect(only(file, answered("malicious"), answered("clean"))).toMatch(
      / \| Intezer disagrees and calls it clean\.$/,
    );
    const row: Row = [file, answered("malicious"), answered("clean"), answered("clean")];
    expect(bad(report([row], {}, ["VirusTotal", "Intezer", "Third"]))[0]).toMatch(
      / \| Intezer, Third disagree and call it clean\.$/,
    );
  });

  test("say what was outweighed", () => {
    const weak = answered("unknown", { weak: true, summary: "1 of 94 engines, often a false positive" });
    expect(only(file, weak, answered("clean", { trusted: true }))).toBe(
      "file invoice.exe (aaaaaaaaaaaa…) | VirusTotal 1 of 94 engines, often a false positive; Intezer clean | Intezer lists it as known good, which outweighs VirusTotal.",
    );
  });
});

describe("equal answers", () => {
  const noRecord: Lookup = { kind: "notKnown", reason: "VirusTotal has no record" };

  test("are said once, with the first values", () => {
    const given = addresses("malicious", ...Array<Lookup>(39).fill(noRecord));
    expect(groups(given)).toEqual([
      {
        "Unknown (39)": [
          "39 IP addresses (8[.]8[.]1[.]1, 8[.]8[.]2[.]1, 8[.]8[.]3[.]1, 8[.]8[.]4[.]1, 8[.]8[.]5[.]1 and 34 more) | VirusTotal has no record",
        ],
      },
    ]);
  });

  test("of different kinds, or about different things, are listed apart", () => {
    const asn = (context: string) => answered("clean", { summary: "0 of 90 engines", context });
    const given = report([
      [indicator("domain", "a.com"), noRecord],
      [indicator("address", "8.8.8.1"), noRecord],
      [indicator("address", "8.8.8.2"), asn("AS1")],
      [indicator("address", "8.8.8.3"), asn("AS2")],
      [indicator("address", "8.8.8.4"), asn("AS1")],
    ]);
    expect(groups(given)).toEqual([
      {
        "Unknown (2)": [
          "domain a[.]com | VirusTotal has no record",
          "IP address 8[.]8[.]8[.]1 | VirusTotal has no record",
        ],
      },
      {
        "Clean (3)": [
          "2 IP addresses (8[.]8[.]8[.]2, 8[.]8[.]8[.]4) | VirusTotal 0 of 90 engines | AS1.",
          "IP address 8[.]8[.]8[.]3 | VirusTotal 0 of 90 engines | AS2.",
        ],
      },
    ]);
  });

  test("of many clean ones are listed without what distinguishes one from another", () => {
    const rows = Array.from(
      { length: 30 },
      (_, i): Row => [
        indicator("address", `8.8.${i}.1`),
        answered("clean", { summary: "0 of 90 engines", context: `AS${i}` }),
      ],
    );
    expect(groups(report(rows))).toEqual([
      {
        "Clean (30)": [
          "30 IP addresses (8[.]8[.]0[.]1, 8[.]8[.]1[.]1, 8[.]8[.]2[.]1, 8[.]8[.]3[.]1, 8[.]8[.]4[.]1 and 25 more) | VirusTotal 0 of 90 engines",
        ],
      },
    ]);
  });

  test("about bad ones are an item each", () => {
    expect(bad(addresses("malicious", "malicious"))).toHaveLength(2);
  });
});

describe("what was not looked up", () => {
  test("is never called unknown: not checked and pending are notes, switched off is by itself", () => {
    const off: Lookup = { kind: "off", reason: "the setting VIRUSTOTAL_KINDS switches this off" };
    const view = viewOf(addresses(failed, pending, off, off));
    expect(view.groups.map(({ title, items }) => [title, items.map(textOf)])).toEqual([
      ["Not looked up", ["IP address 8[.]8[.]2[.]1, IP address 8[.]8[.]3[.]1 (no provider was queried) | "]],
    ]);
    expect(view.notes.map(({ title, count }) => [title, count])).toEqual([
      ["Not checked", 1],
      ["Pending", 1],
    ]);
    expect(JSON.stringify(view)).not.toMatch(/VIRUSTOTAL_KINDS|Unknown/);
  });

  test("is counted by reason, most first, with the first five values", () => {
    const leftOut = Array.from({ length: 12 }, (_, i) => ({
      entityKind: "Ip",
      value: `10.0.0.${i}`,
      reason: "private address",
    }));
    const group = { entityKind: "SecurityGroup", value: "Finance", reason: "not an indicator" };
    expect(groups(report([], { leftOut: [group, ...leftOut] }))).toEqual([
      {
        "Not looked up (13)": [
          "10[.]0[.]0[.]0, 10[.]0[.]0[.]1, 10[.]0[.]0[.]2, 10[.]0[.]0[.]3, 10[.]0[.]0[.]4 and 7 more (private address) | ",
          "security group Finance (not an indicator) | ",
        ],
      },
    ]);
  });

  test("is not mentioned when there is nothing", () => expect(viewOf(report([])).groups).toEqual([]));
});

test("a long value is cut", () => {
  const [item] = viewOf(
    report([[indicator("url", `https://a.com/${"a".repeat(500)}`), answered("malicious")]]),
  ).bad;
  expect(item?.label.length).toBeLessThan(120);
});
