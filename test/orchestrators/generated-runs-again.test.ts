import { test } from "vitest";
import { assertPlayed } from "../support/generated/assert-played";
import { expectAlertsRead, expectAnswersTold } from "../support/generated/expectations";
import { againScripts } from "../support/generated/script";

test("whenever alerts are added to an incident, and whatever faults the runtime has, a run reads them", async () => {
  await assertPlayed(againScripts, 100, (played, script) => {
    expectAnswersTold(played.world);
    expectAlertsRead(played, script);
  });
}, 120_000);
