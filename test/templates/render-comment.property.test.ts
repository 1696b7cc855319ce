import fc from "fast-check";
import { expect, test } from "vitest";
import { indicatorKinds } from "../../domain/indicators/indicator";
import { isMissing } from "../../domain/report/gaps";
import type { Lookup, RunReport } from "../../domain/report/report";
import { isUnanswered, summarize } from "../../domain/report/summary";
import { verdicts } from "../../domain/verdict";
import { renderComment } from "../../templates/render-comment";
import { hostileText } from "../support/hostile-text";
import { htmlPrinter } from "../support/printers";
import { answered, notAsked, pending, report, viewOf } from "../support/reports";
import { casesIn } from "../support/tier";

const lookup: fc.Arbitrary<Lookup | undefined> = fc.oneof(
  fc
    .record({
      verdict: fc.constantFrom(...verdicts),
      text: hostileText,
      link: fc.constantFrom("https://www.virustotal.com/gui/file/x", "https://evil.example/", "javascript:1"),
      hasCard: fc.boolean(),
    })
    .map(({ verdict, text, link, hasCard }) =>
      answered(verdict, {
        reasons: [text, text],
        summary: text,
        context: text,
        link,
        assessedAt: Date.UTC(2026, 0, 1),
        ...(hasCard
          ? { card: { brief: [text, text], sections: [{ title: text, rows: [[text, text]] }] } }
          : {}),
      }),
    ),
  hostileText.map((reason): Lookup => ({ kind: "notKnown", reason })),
  hostileText.map((reason): Lookup => ({ kind: "failed", reason })),
  fc.constantFrom(pending, notAsked),
);

const row = fc.record({
  kind: fc.constantFrom(...indicatorKinds),
  value: hostileText,
  names: fc.array(hostileText, { maxLength: 3 }),
  virusTotal: lookup,
  intezer: lookup,
});

/** Few rows of any content, repeated with other values: thousands need not be drawn one by one. */
const reports: fc.Arbitrary<RunReport> = fc
  .record({
    count: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.constantFrom(500, 5_000)),
    rows: fc.array(row, { minLength: 1, maxLength: 8 }),
    title: hostileText,
    leftOut: fc.array(fc.record({ entityKind: hostileText, value: hostileText, reason: hostileText }), {
      maxLength: 20,
    }),
  })
  .map(({ count, rows, title, leftOut }) => {
    const all = Array.from({ length: count }, (_, i) => rows[i % rows.length] as (typeof rows)[number]);
    const given = report(
      all.map(({ kind, value, names, virusTotal, intezer }, i) => [
        { kind, value: `${i}${value}`, ...(kind === "file" ? { names } : {}) },
        virusTotal,
        intezer,
      ]),
      { leftOut },
    );
    return { ...given, incident: { ...given.incident, title } };
  });

/** The first tag that is not closed, or that closes nothing. */
function unbalanced(html: string): string | undefined {
  const open: string[] = [];
  for (const [tag, slash, name = ""] of html.matchAll(/<(\/?)([a-z\d]+)[^>]*>/g)) {
    if (name === "br") continue;
    if (!slash) open.push(name);
    else if (open.pop() !== name) return tag;
  }
  return open.pop();
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

/** The numbers in what matches: `Unknown (3)`. */
function counted(html: string, pattern: RegExp): number {
  return sum([...html.matchAll(pattern)].map(([, count]) => Number(count)));
}

/** Indicators that have an item or are counted, and lookups that are not there. */
function accountedFor(html: string) {
  return {
    indicators:
      (html.match(/<li><b>/g)?.length ?? 0) +
      counted(html, /<p>And (\d+) more, no worse than these\.<\/p>/g) +
      counted(html, /<p><b>(?:Unknown|Clean) \((\d+)\):/g),
    notLookedUp: counted(html, /<p><b>Not looked up \((\d+)\):/g),
    missing: counted(html, /<p><b>(?:Not checked|Pending|Not checked or pending) \((\d+)\):/g),
  };
}

function expectedOf(given: RunReport) {
  const { findings } = summarize(given);
  const lookups = given.items.flatMap((item) => Object.values(item.lookups));
  return {
    indicators: findings.filter((finding) => !isUnanswered(finding)).length,
    notLookedUp: given.leftOut.length + findings.filter(({ coverage }) => coverage === "off").length,
    missing: lookups.filter(isMissing).length,
  };
}

test.each([29_000, 1_000])(
  "0 to 5,000 indicators of any content give one well-formed comment of at most %d, and none is missing",
  (lengthLimit) => {
    fc.assert(
      fc.property(reports, (given) => {
        const html = renderComment(viewOf(given, { lengthLimit }), htmlPrinter);
        expect(html.length).toBeLessThanOrEqual(lengthLimit);
        expect(html).not.toMatch(/[\r\n]/);
        expect(unbalanced(html)).toBeUndefined();
        expect(html.replace(/<\/?[a-z\d]+( href="[^"<>]*" target="_blank")?>/g, "")).not.toMatch(/[<>]/);
        expect(html).not.toMatch(/href="(?!https:\/\/www\.virustotal\.com\/)/);
        expect(accountedFor(html)).toEqual(expectedOf(given));
      }),
      { numRuns: casesIn({ quick: 2, full: 40 }) },
    );
  },
);
