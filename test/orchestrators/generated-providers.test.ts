import fc from "fast-check";
import { test } from "vitest";
import { expectDeterminism, expectRightComments, expectRightEnds } from "../support/generated/expectations";
import { play } from "../support/generated/play";
import { providerScripts } from "../support/generated/script";

test("whatever two providers do side by side, each answer is told as that provider's", async () => {
  await fc.assert(
    fc.asyncProperty(providerScripts, async (script) => {
      const played = await play(script);
      expectRightEnds(played);
      expectRightComments(script, played);
      await expectDeterminism(script, played);
    }),
    { numRuns: 250 },
  );
}, 120_000);
