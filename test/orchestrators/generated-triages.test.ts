import fc from "fast-check";
import { test } from "vitest";
import {
  expectDeterminism,
  expectRightComments,
  expectRightEnds,
  expectTriageToldOnce,
} from "../support/generated/expectations";
import { play } from "../support/generated/play";
import { triageScripts } from "../support/generated/script";

test("whenever and however often a triage comes, and however unkind the runtime is, it is told once", async () => {
  await fc.assert(
    fc.asyncProperty(triageScripts, async (script) => {
      const played = await play(script);
      expectRightEnds(played);
      expectRightComments(script, played);
      expectTriageToldOnce(script, played);
      await expectDeterminism(script, played);
    }),
    { numRuns: 200 },
  );
}, 120_000);
