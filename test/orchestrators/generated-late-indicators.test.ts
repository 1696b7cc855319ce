import fc from "fast-check";
import { test } from "vitest";
import { expectDeterminism, expectRightComments, expectRightEnds } from "../support/generated/expectations";
import { play } from "../support/generated/play";
import { lateScripts } from "../support/generated/script";

test("whatever comes into an incident before its comment is looked up, and told in the update", async () => {
  await fc.assert(
    fc.asyncProperty(lateScripts, async (script) => {
      const played = await play(script);
      expectRightEnds(played);
      expectRightComments(script, played);
      await expectDeterminism(script, played);
    }),
    { numRuns: 250 },
  );
}, 120_000);
