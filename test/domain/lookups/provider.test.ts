import { expect, test } from "vitest";
import { fault, final, overQuota, pending } from "../../../domain/lookups/provider";

test.each([
  {
    made: final({ kind: "notKnown", reason: "no record" }),
    consultation: { kind: "final", outcome: { kind: "notKnown", reason: "no record" } },
  },
  {
    made: pending("at work", 5),
    consultation: { kind: "again", cause: "pending", afterSeconds: 5, reason: "at work" },
  },
  {
    made: overQuota("HTTP 429", 60, "page 2"),
    consultation: {
      kind: "again",
      cause: "quota",
      afterSeconds: 60,
      reason: "HTTP 429",
      continuation: "page 2",
    },
  },
  {
    made: fault("HTTP 503", 0),
    consultation: { kind: "again", cause: "fault", afterSeconds: 0, reason: "HTTP 503" },
  },
])("a consultation is $consultation.kind $consultation.cause, and nothing in it is undefined", (row) => {
  expect(row.made).toStrictEqual(row.consultation);
});
