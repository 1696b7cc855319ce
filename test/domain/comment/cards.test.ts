import { describe, expect, test } from "vitest";
import { cardsFrom } from "../../../domain/comment/cards";
import type { Card } from "../../../domain/lookups/provider";
import { summarize } from "../../../domain/report/summary";
import type { Verdict } from "../../../domain/verdict";
import { renderComment } from "../../../templates/render-comment";
import { htmlPrinter } from "../../support/printers";
import { answered, indicator, report, sha256, startedAt, viewOf } from "../../support/reports";

const sections = [{ title: "Analyses", rows: [["Malicious", "54"]] as const }];
const card: Card = { brief: ["AVG (malware)."], sections };
const link = "https://www.virustotal.com/gui/ip-address/8.8.8.8";

/** Addresses with a card each, `8.8.<position>.1`. */
const reportOf = (verdicts: readonly Verdict[], more = card) =>
  report(
    verdicts.map((verdict, i) => [
      indicator("address", `8.8.${i}.1`),
      answered(verdict, { card: more, link }),
    ]),
  );

const titled = (given: ReturnType<typeof reportOf>, detail: "worst" | "full") => {
  const { cards, moreCards } = cardsFrom(given, summarize(given).findings, detail);
  return { titles: cards.map(({ title }) => title), moreCards };
};

/** Of one indicator, of which two of three providers have details. */
const partsOf = (detail: "worst" | "full") => {
  const given = report(
    [
      [
        indicator("address", "8.8.8.8"),
        answered("malicious", { card, link, assessedAt: startedAt }),
        answered("clean", { card: { sections } }),
        answered("clean"),
      ],
    ],
    {},
    ["VirusTotal", "Intezer", "Third"],
  );
  return cardsFrom(given, summarize(given).findings, detail).cards[0]?.parts;
};

const mixed: readonly Verdict[] = [
  "clean",
  "suspicious",
  "malicious",
  "unknown",
  ...Array<Verdict>(5).fill("suspicious"),
];

describe("cards of the worst", () => {
  test("are at most five of malicious and suspicious indicators, and the others are counted", () => {
    expect(titled(reportOf(mixed), "worst")).toEqual({
      titles: [2, 1, 4, 5, 6].map((i) => `IP address 8[.]8[.]${i}[.]1`),
      moreCards: 2,
    });
  });

  test("have the most important facts, and every field where a provider has no such facts", () => {
    expect(partsOf("worst")).toEqual([
      { provider: "VirusTotal", analysed: "analysed 2026-11-22", brief: ["AVG (malware)."], sections: [] },
      { provider: "Intezer", brief: [], sections },
    ]);
  });

  test("are titled by the file's name, and have all its hashes in full", () => {
    const file = {
      ...indicator("file", sha256("a"), ["invoice.exe"]),
      hashes: { md5: "1".repeat(32), sha1: "2".repeat(40), sha256: sha256("a") },
    };
    const given = report([[file, answered("malicious", { card })]]);
    expect(viewOf(given).cards).toMatchObject([
      {
        title: "file invoice.exe",
        hashes: [`MD5 ${"1".repeat(32)}`, `SHA-1 ${"2".repeat(40)}`, `SHA-256 ${sha256("a")}`],
      },
    ]);
  });
});

describe("full cards", () => {
  test("are of all indicators, worst first", () => {
    const { titles, moreCards } = titled(reportOf(mixed), "full");
    expect(titles).toHaveLength(9);
    expect(titles.slice(-2)).toEqual(["IP address 8[.]8[.]3[.]1", "IP address 8[.]8[.]0[.]1"]);
    expect(moreCards).toBe(0);
  });

  test("have every field, and link to the reports, since a clean indicator may only be counted", () => {
    expect(partsOf("full")).toEqual([
      { provider: "VirusTotal", link, brief: [], sections },
      { provider: "Intezer", brief: [], sections },
    ]);
  });

  test("are as many as fit into a comment", () => {
    const large: Card = { sections: [{ title: "Analyses", rows: [["Engines", "x".repeat(900)]] }] };
    const html = renderComment(
      viewOf(reportOf(Array<Verdict>(60).fill("clean"), large), { detail: "full" }),
      htmlPrinter,
    );
    const shown = html.match(/<h4>Details: IP address/g)?.length ?? 0;
    expect(html.length).toBeLessThanOrEqual(29_000);
    expect(html.length).toBeGreaterThan(27_000);
    expect(html).toContain(`Details of ${60 - shown} more are in the linked reports.`);
  });
});
