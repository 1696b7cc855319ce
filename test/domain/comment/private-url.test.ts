import { describe, expect, test } from "vitest";
import { indicatorsFrom } from "../../../domain/indicators/from-entities";
import { indicatorKey } from "../../../domain/indicators/indicator";
import { findingsOf, summarize } from "../../../domain/report/summary";
import { changesSince } from "../../../domain/run/changes";
import { renderComment } from "../../../templates/render-comment";
import { htmlPrinter, textPrinter } from "../../support/printers";
import { answered, report, viewOf } from "../../support/reports";

const written = ["https://contoso.com/reset?token=s3cret", "https://contoso.com/reset?token=other"];
const { indicators } = indicatorsFrom(
  written.map((url, i) => ({ id: `${i}`, kind: "Url", properties: { url } })),
);
const given = report([
  ...indicators.map((indicator) => [indicator, answered("malicious")] as const),
  [{ kind: "url", value: "https://contoso.org/" }, answered("clean")],
]);

describe("a private URL", () => {
  test("is nowhere in its indicator, which differs from that of another one all the same", () => {
    expect(JSON.stringify(indicators)).not.toMatch(/s3cret|other/);
    expect(new Set(indicators.map(indicatorKey)).size).toBe(2);
  });

  test.each([htmlPrinter, textPrinter])(
    "is shown without its private part in a comment as $commentFormat",
    (printer) => {
      const comment = renderComment(viewOf(given), printer).replace(/&#(\d+);/g, (_, code) =>
        String.fromCharCode(Number(code)),
      );
      expect(comment).toContain("hxxps://contoso[.]com/reset?…");
      expect(comment).not.toContain("s3cret");
      expect(comment).toContain("Sent to VirusTotal: 1 URL, the fingerprints of 2 URLs");
      expect(comment).toContain("only the fingerprint (SHA-256) was sent");
    },
  );

  test("is in the output of its run, and so found again by the next, without its private part", () => {
    const summary = summarize(given);
    const findings = findingsOf(summary);
    expect(findings.map(({ value }) => value)).toEqual([
      "https://contoso.com/reset?…",
      "https://contoso.com/reset?…",
      "https://contoso.org/",
    ]);
    const previous = { ...summary.counts, run: 1, commentIds: [], tags: [], findings };
    expect(changesSince(previous, given, summary)).toBeUndefined();
  });
});
