import { test } from "vitest";
import { assertPlayed } from "../support/generated/assert-played";
import { expectAlertsRead, expectAnswersReported } from "../support/generated/expectations";
import { againScripts } from "../support/generated/script";
import { casesIn } from "../support/tier";

test("whenever alerts are added to an incident, and whatever faults the runtime has, a run reads them", async () => {
  await assertPlayed(againScripts, casesIn({ quick: 20, full: 100 }), (played, script) => {
    expectAnswersReported(played.world);
    expectAlertsRead(played, script);
  });
});
