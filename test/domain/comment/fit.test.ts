import { describe, expect, test } from "vitest";
import { shrinkToFit } from "../../../domain/comment/fit";
import { type CommentView, toCommentView } from "../../../domain/comment/view";
import { summarize } from "../../../domain/report/summary";
import { type Verdict, verdicts } from "../../../domain/verdict";
import { relatedTo } from "../../support/related";
import { answered, indicator, type Row, report } from "../../support/reports";

const card = { sections: [{ title: "Analyses", rows: [["Engines", "x".repeat(200)]] as const }] };

/** A view with `count` indicators of every verdict, printed as JSON. */
function viewOf(count: number, lengthLimit: number): CommentView {
  const all = verdicts.flatMap((verdict) => Array<Verdict>(count).fill(verdict));
  const given = report(
    all.map((verdict, i) => [
      indicator("domain", `host-${i}.contoso.com`),
      answered(verdict, { card, summary: `${i} engines` }),
    ]),
  );
  return toCommentView(given, summarize(given), { version: "1.2.3", lengthLimit });
}

const lengthOf = (view: CommentView) => JSON.stringify(view).length;

function shown(view: CommentView): Record<Verdict, number> & { cards: number; counted: number } {
  const bad = (word: string) => view.bad.filter(({ verdict }) => verdict === word).length;
  const group = (word: string) => view.groups.find(({ title }) => title === word);
  const named = (word: string) => (group(word)?.items ?? []).reduce((sum, { count }) => sum + count, 0);
  return {
    malicious: bad("Malicious"),
    suspicious: bad("Suspicious"),
    unknown: named("Unknown"),
    clean: named("Clean"),
    cards: view.cards.length,
    counted: view.groups.reduce((sum, { more }) => sum + more, view.moreBad),
  };
}

describe("a view of twelve indicators", () => {
  const whole = viewOf(3, 1_000_000);
  const lengths = Array.from({ length: 60 }, (_, i) => Math.round((lengthOf(whole) * (60 - i)) / 60));
  const shrunk = lengths.map((lengthLimit) => shrinkToFit(viewOf(3, lengthLimit), lengthOf));

  test("is left as it is when it fits", () => {
    const view = viewOf(3, lengthOf(whole) + 10);
    expect(shrinkToFit(view, lengthOf)).toBe(view);
  });

  test("fits every limit down to a fifth", () => {
    for (const [i, view] of shrunk.entries()) {
      if (i < 48) expect(lengthOf(view)).toBeLessThanOrEqual(lengths[i] ?? 0);
    }
  });

  test("shows or counts every indicator and every card, whatever the limit", () => {
    for (const view of shrunk) {
      const { malicious, suspicious, unknown, clean, cards, counted } = shown(view);
      expect(malicious + suspicious + unknown + clean + counted).toBe(12);
      expect(cards + view.moreCards).toBe(6);
    }
  });

  test("loses cards first, then the rows of the least bad", () => {
    for (const view of shrunk) {
      const { malicious, suspicious, unknown, clean, cards, counted } = shown(view);
      if (cards > 0) expect(counted).toBe(0);
      if (unknown < 3) expect(clean).toBe(0);
      if (suspicious < 3) expect(unknown).toBe(0);
      if (malicious < 3) expect(suspicious).toBe(0);
    }
  });

  test("keeps the card of the worst longest", () => {
    const withCard = shrunk.filter(({ cards }) => cards.length > 0);
    expect(new Set(withCard.map(({ cards }) => cards[0]?.title))).toEqual(
      new Set(["domain host-0[.]contoso[.]com"]),
    );
    expect(new Set(withCard.map(({ cards }) => cards.length))).toEqual(new Set([5, 4, 3, 2, 1]));
  });
});

test("a view of 5,000 indicators is measured a few dozen times, not thousands", () => {
  let measured = 0;
  const view = shrinkToFit(viewOf(1_250, 29_000), (candidate) => {
    measured += 1;
    return lengthOf(candidate);
  });
  expect(measured).toBeLessThan(40);
  expect(lengthOf(view)).toBeLessThanOrEqual(29_000);
  expect(lengthOf(view)).toBeGreaterThan(28_500);
});

test("links go after the unknown and clean ones and before the bad ones, and are counted", () => {
  const files = Array.from({ length: 5 }, (_, i) => indicator("file", `${i}`.repeat(64), [`${i}.exe`]));
  const hosts = files.map((_, i) => indicator("domain", `host-${i}.contoso.com`));
  const given = report([
    ...files.map(
      (file, i): Row => [file, answered("malicious", { related: relatedTo("contacts", hosts[i] ?? file) })],
    ),
    ...hosts.map((host): Row => [host, answered("malicious")]),
    [indicator("domain", "good.contoso.com"), answered("clean")],
  ]);
  const at = (lengthLimit: number) =>
    shrinkToFit(toCommentView(given, summarize(given), { version: "1.2.3", lengthLimit }), lengthOf);
  const whole = at(1_000_000);
  expect(whole.links.lines).toHaveLength(5);
  const shrunk = Array.from({ length: 40 }, (_, i) => at(Math.round((lengthOf(whole) * (40 - i)) / 40)));
  for (const { links, groups, bad, moreBad } of shrunk) {
    expect(links.lines.length + links.more).toBe(5);
    if (links.more > 0) expect(groups.flatMap(({ items }) => items)).toEqual([]);
    if (moreBad > 0) expect(links.lines).toEqual([]);
    expect(bad.length + moreBad).toBe(10);
  }
  expect(new Set(shrunk.map(({ links }) => links.lines.length))).toEqual(new Set([5, 4, 3, 2, 1, 0]));
});
