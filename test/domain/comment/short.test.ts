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
  const short = shortView(whole, { present: 93, most: 100 }, "sentinel-1");
  expect(short).toMatchObject({ headline: whole.headline, footer: whole.footer, notes: whole.notes });
  expect(short.lead[0]).toContain("has 93 comments, and 100 is the limit");
  expect(short.lead[0]).toContain("sentinel-1");
  expect([...short.bad, ...short.cards, ...short.groups]).toEqual([]);
  expect(short).not.toHaveProperty("triage");
});
