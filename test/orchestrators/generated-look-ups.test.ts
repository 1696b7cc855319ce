import fc from "fast-check";
import { test } from "vitest";
import { expectDeterminism, expectRightComments, expectRightEnds } from "../support/generated/expectations";
import { play } from "../support/generated/play";
import { lookUpScripts } from "../support/generated/script";

test("whatever a provider does and however unkind the runtime is, a run ends with the comment that the answers call for", async () => {
  await fc.assert(
    fc.asyncProperty(lookUpScripts, async (script) => {
      const played = await play(script);
      expectRightEnds(played);
      expectRightComments(script, played);
      await expectDeterminism(script, played);
    }),
    { numRuns: 1_200 },
  );
}, 120_000);
