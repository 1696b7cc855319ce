import { expect, test } from "vitest";
import { shortView } from "../../../domain/comment/fit";
import { answered, indicator, pending, report, taken, viewOf } from "../../support/reports";

test("a short view keeps verdict, counts, what is pending and the delivery, and says where the rest is", () => {
  const given = report(
    [
      [indicator("address", "8.8.8.8"), answered("malicious", { card: { sections: [] } }), pending],
      [indicator("domain", "a.com"), answered("clean")],
    ],
    {
      triage: taken("confirmed_threat"),
      leftOut: [{ entityKind: "Ip", value: "10.0.0.1", reason: "private" }],
    },
  );
  const whole = viewOf(given);
  const short = shortView(whole, { present: 93, most: 95 }, "sentinel-1");
  expect(short).toMatchObject({ headline: whole.headline, footer: whole.footer, incident: whole.incident });
  expect(short.notes[0]).toContain("has 93 comments and may have 95");
  expect(short.notes[0]).toContain("sentinel-1");
  expect(short.notes.slice(1)).toEqual(whole.notes);
  expect([...short.rows, ...short.cards, ...short.reasons, ...short.folds]).toEqual([]);
  expect(short).not.toHaveProperty("triage");
  expect(short).not.toHaveProperty("leftOut");
});
