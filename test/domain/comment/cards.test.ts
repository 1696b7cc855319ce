import { describe, expect, test } from "vitest";
import { cardsFrom } from "../../../domain/comment/cards";
import type { Card } from "../../../domain/lookups/provider";
import { summarize } from "../../../domain/report/summary";
import type { Verdict } from "../../../domain/verdict";
import { renderComment } from "../../../templates/render-comment";
import { htmlPrinter } from "../../support/printers";
import { answered, indicator, report, viewOf } from "../../support/reports";

const card: Card = { sections: [{ title: "Analyses", rows: [["Malicious", "54"]] }] };
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
        answered("malicious", { card, link }),
        answered("clean", { card }),
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
      titles: [
        "Address 8[.]8[.]2[.]1, malicious",
        ...[1, 4, 5, 6].map((i) => `Address 8[.]8[.]${i}[.]1, suspicious`),
      ],
      moreCards: 2,
    });
  });

  test("have a part for each provider that has details, whose report the table links to", () => {
    expect(partsOf("worst")).toEqual([
      { provider: "VirusTotal", sections: card.sections },
      { provider: "Intezer", sections: card.sections },
    ]);
  });
});

describe("full cards", () => {
  test("are of all indicators, worst first", () => {
    const { titles, moreCards } = titled(reportOf(mixed), "full");
    expect(titles).toHaveLength(9);
    expect(titles.slice(-2)).toEqual(["Address 8[.]8[.]3[.]1, unknown", "Address 8[.]8[.]0[.]1, clean"]);
    expect(moreCards).toBe(0);
  });

  test("link to the reports, since the table may only name a clean indicator", () => {
    expect(partsOf("full")).toEqual([
      { provider: "VirusTotal", link, sections: card.sections },
      { provider: "Intezer", sections: card.sections },
    ]);
  });

  test("are as many as fit into a comment", () => {
    const large: Card = { sections: [{ title: "Analyses", rows: [["Engines", "x".repeat(900)]] }] };
    const given = reportOf(Array<Verdict>(60).fill("clean"), large);
    const view = viewOf(given, { detail: "full" });
    const html = renderComment(view, htmlPrinter);
    const shown = html.match(/<h4>Address/g)?.length ?? 0;
    expect(html.length).toBeLessThanOrEqual(29_000);
    expect(html.length).toBeGreaterThan(27_000);
    expect(html).toContain(`Details of ${60 - shown} more are in the linked reports.`);
  });
});
