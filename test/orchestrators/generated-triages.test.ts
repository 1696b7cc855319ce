import { test } from "vitest";
import { assertPlayed } from "../support/generated/assert-played";
import { expectRightComments, expectTriageReportedOnce } from "../support/generated/expectations";
import { triageScripts } from "../support/generated/script";
import { casesIn } from "../support/tier";

test("whenever and however often a triage comes, and whatever faults the runtime has, it is reported once", async () => {
  await assertPlayed(triageScripts, casesIn({ quick: 15, full: 200 }), (played, script) => {
    expectRightComments(played, script);
    expectTriageReportedOnce(played, script);
  });
});
