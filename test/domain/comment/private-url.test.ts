import { describe, expect, test } from "vitest";
import type { Indicator } from "../../../domain/indicators/indicator";
import { findingsOf, summarize } from "../../../domain/report/summary";
import { changesSince } from "../../../domain/run/changes";
import { renderComment } from "../../../templates/render-comment";
import { answered, report, viewOf } from "../../support/reports";

const url: Indicator = {
  kind: "url",
  value: "https://contoso.com/reset?token=s3cret",
  byFingerprint: true,
};
const given = report([
  [url, answered("malicious", { reasons: ["9 of 91 engines call it malicious."] })],
  [{ kind: "url", value: "https://contoso.org/" }, answered("clean")],
]);

describe("a private URL", () => {
  test.each(["html", "text"] as const)("is shown without its private part in a comment as %s", (format) => {
    const comment = renderComment(viewOf(given), format).replace(/&#(\d+);/g, (_, code) =>
      String.fromCharCode(Number(code)),
    );
    expect(comment).toContain("hxxps://contoso[.]com/reset?…");
    expect(comment).not.toContain("s3cret");
    expect(comment).toContain("2 URLs (of 1 URL only a fingerprint) to VirusTotal");
    expect(comment).toContain("only its fingerprint (SHA-256) is sent");
  });

  test("is in the output of its run, and so found again by the next, without its private part", () => {
    const summary = summarize(given);
    const findings = findingsOf(summary);
    expect(findings.map(({ value }) => value)).toEqual([
      "https://contoso.com/reset?…",
      "https://contoso.org/",
    ]);
    const previous = { ...summary.counts, run: 1, commentIds: [], tags: [], findings };
    expect(changesSince(previous, given, summary)).toBeUndefined();
  });
});
