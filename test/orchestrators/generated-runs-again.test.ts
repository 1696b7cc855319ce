import fc from "fast-check";
import { test } from "vitest";
import {
  expectAlertsRead,
  expectAnswersTold,
  expectDeterminism,
  expectNothingOpen,
} from "../support/generated/expectations";
import { play } from "../support/generated/play";
import { againScripts } from "../support/generated/script";

test("whenever alerts are added to an incident, and however unkind the runtime is, a run reads them", async () => {
  await fc.assert(
    fc.asyncProperty(againScripts, async (script) => {
      const played = await play(script);
      expectNothingOpen(played);
      expectAnswersTold(played.world);
      expectAlertsRead(played, script.alertsAt ?? 0);
      await expectDeterminism(script, played);
    }),
    { numRuns: 100 },
  );
}, 120_000);
